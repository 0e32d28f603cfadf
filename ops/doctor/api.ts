import * as z from 'zod/mini';
import { MODE_WORDS } from '../../contract/modes.ts';
import { problemBody } from '../../contract/operation-answer.ts';
import { type ServiceStatus, servicesResponse } from '../../contract/services.ts';
import type { StackOutputs } from '../stack-outputs.ts';
import { broken, type Finding, NotPermittedError, ok, unknown } from './finding.ts';

/** What came back, as far as it matters here. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiReader {
  /** @returns undefined if nothing answers. */
  get(url: string, authorization?: string): Promise<Answer | undefined>;
  /** @throws Error - In words: the endpoint refused, or did not answer. */
  token(): Promise<string>;
}

/** From the gateway's door to what the function says. What lies behind a broken hop is not asked. */
export async function checkApi(
  { get, token }: ApiReader,
  { apiUrl }: Pick<StackOutputs, 'apiUrl'>,
  environment: string,
): Promise<Finding[]> {
  const url = `${apiUrl}/services`;
  const door = judgeGateway(await get(url), apiUrl);
  if (door.state === 'broken') return [door];
  const signIn = await token().then(
    (value) => ({ value, finding: ok('The token endpoint gives a token.') }),
    (error: Error) => ({
      value: undefined,
      finding:
        error instanceof NotPermittedError ? unknown('The token and the function', error) : noToken(error, environment),
    }),
  );
  if (signIn.value === undefined) return [door, signIn.finding];
  return [door, signIn.finding, ...judgeServices(await get(url, `Bearer ${signIn.value}`), environment)];
}

function judgeGateway(answer: Answer | undefined, apiUrl: string): Finding {
  if (!answer)
    return broken(
      `The API does not answer (${apiUrl}).`,
      'Look at the stack’s HTTP API and its stage; from here, at the network.',
    );
  if (answer.status === 401) return ok('The API answers, and lets nobody in without a token.');
  if (answer.status < 400) {
    return broken(
      'The API answers without a token.',
      'Its authorizer is gone: close it now, and deploy the stack again.',
    );
  }
  return broken(
    `The API answers ${answer.status} where 401 is right.`,
    'The route or its authorizer is gone: deploy the stack again.',
  );
}

const noToken = (error: Error, environment: string): Finding =>
  broken(
    `No token: ${error.message}`,
    `The domain or the client is gone (deploy), or the secret was replaced: npm run rotate-secret -- ${environment}`,
  );

function judgeServices(answer: Answer | undefined, environment: string): Finding[] {
  if (!answer) return [broken('The API does not answer with a token.', 'The function hangs: see its log.')];
  const told = z.safeParse(servicesResponse, answer.body);
  if (answer.status === 200 && told.success) {
    const { environment: name, services } = told.data;
    if (name === environment) {
      const answers = ok(`The function answers for ${environment}: ${services.length} services.`);
      return [answers, ...services.filter(({ orphaned }) => orphaned).map((one) => judgeOrphan(one, environment))];
    }
    return [
      broken(
        `The function says that it is ${name}.`,
        'The stack carries another environment’s build: deploy it again.',
      ),
    ];
  }
  return [unanswered(answer)];
}

/** The config has lost it while it was closed. */
const judgeOrphan = ({ service, title, mode }: ServiceStatus, environment: string): Finding =>
  mode === 'normal'
    ? ok(`${title} is no longer in the config, and is being opened.`)
    : broken(
        `${title} is ${MODE_WORDS[mode]}, and no longer in the config.`,
        `Open it (npm run drawbridge -- exit ${service} --environment ${environment} --reason …), or put it back and deploy.`,
      );

function unanswered(answer: Answer): Finding {
  const problem = z.safeParse(problemBody, answer.body);
  if (problem.success)
    return broken(`The function answers: ${problem.data.message} (${problem.data.code})`, 'Its log says why.');
  if (answer.status === 401 || answer.status === 403) {
    return broken(
      `The gateway refuses the token (${answer.status}).`,
      'Its authorizer names another client, or lacks the scope: deploy the stack again.',
    );
  }
  return broken(
    `The gateway cannot reach the function (${answer.status}).`,
    'The function is gone, throttled, fails at start, or lacks the permission for API Gateway: see its log, deploy again.',
  );
}
