import type { SlackConfig } from '../../config/schema.ts';
import { SLACK_ROUTE } from '../../contract/routes.ts';
import type { SlackParameters } from '../slack/parameters.ts';
import { identityFault } from '../slack/secrets-command.ts';
import type { SlackIdentity } from '../slack/web-api.ts';
import { broken, type Finding, ifAllowed, ok, withPermission } from './finding.ts';

export interface SlackReaders {
  /** @returns The status of an answer to an empty POST; undefined if nothing answers. */
  post(url: string): Promise<number | undefined>;
  readonly parameters: Pick<SlackParameters, 'signingSecrets' | 'botToken'>;
  identity(token: string): Promise<SlackIdentity>;
}

/** The second door, hop by hop. No secret is told. */
export async function checkSlack(
  { post, parameters, identity }: SlackReaders,
  {
    apiUrl,
    environment,
    slack,
  }: { readonly apiUrl: string; readonly environment: string; readonly slack: SlackConfig },
): Promise<Finding[]> {
  const door = judgeDoor(await post(`${apiUrl}${SLACK_ROUTE.path}`));
  const secrets = await ifAllowed('The Slack app’s secrets', async () => {
    const [signing, token] = await withPermission('ssm:GetParameters', () =>
      Promise.all([parameters.signingSecrets(), parameters.botToken()]),
    );
    return [judgeSecrets(signing.length, environment), await judgeToken(token, identity, environment, slack)];
  });
  return [door, ...secrets];
}

function judgeDoor(status: number | undefined): Finding {
  if (status === 401) return ok('POST /slack answers, and lets nothing in that Slack has not signed.');
  if (status === 404)
    return broken('There is no POST /slack.', 'The config names a Slack app since: deploy the stack.');
  if (status === 503) return broken('POST /slack cannot read its secrets.', 'npm run slack:secrets puts them there.');
  if (status === undefined) return broken('POST /slack does not answer.', 'Look at the function’s log.');
  return broken(
    `POST /slack answers ${status} where 401 is right.`,
    'Look at the log of the function, and deploy the stack again.',
  );
}

function judgeSecrets(count: number, environment: string): Finding {
  if (count === 1) return ok('The Slack app’s signing secret is there.');
  const finish = `npm run slack:secrets -- ${environment}`;
  return count === 0
    ? broken('The Slack app’s signing secret is missing.', finish)
    : ok(`Two signing secrets live: end the rotation with ${finish} --finish`);
}

async function judgeToken(
  token: string | undefined,
  identity: SlackReaders['identity'],
  environment: string,
  slack: SlackConfig,
): Promise<Finding> {
  const remedy = `npm run slack:secrets -- ${environment}`;
  if (token === undefined) return broken('The Slack app’s bot token is missing.', remedy);
  return identity(token).then(
    (told) => {
      const fault = identityFault(told, slack);
      return fault ? broken(fault, remedy) : ok(`Slack takes the bot token, in ${told.workspace}.`);
    },
    (error: Error) => broken(`Slack does not take the bot token: ${error.message}`, remedy),
  );
}
