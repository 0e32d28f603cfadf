import { operatorsOf } from '../model/operators.ts';
import type { SlackRecord } from '../model/slack-record.ts';
import { admissionMessages, slackMessages } from '../words/slack-words.ts';
import { admit, type SlackUser } from './admission.ts';
import { auditRefusal } from './deliveries.ts';
import type { SlackDependencies } from './dependencies.ts';
import { plainMessage } from './messages.ts';
import type { SlackApi, SlackMessage } from './web-api.ts';

/** Who leaves, or becomes a guest, is known as such within this time. */
const FRESH_MS = 5 * 60_000;

/** Asks Slack once for each person, and again when that may be old. */
export function rememberPeople(slackApi: SlackApi, now: () => number): SlackApi {
  const known = new Map<string, { readonly user: SlackUser; readonly at: number }>();
  return {
    ...slackApi,
    async user(userId) {
      const found = known.get(userId);
      if (found && now() - found.at < FRESH_MS) return found.user;
      const user = await slackApi.user(userId);
      known.set(userId, { user, at: now() });
      return user;
    },
  };
}

/**
 * Who asked, if they may: a member of our own workspace whose address is an operator's. Everybody else is told why not, alone,
 * and it is audited.
 * @returns The record with their address.
 */
export async function identify(deps: SlackDependencies, record: SlackRecord): Promise<SlackRecord | undefined> {
  const { userId } = record.by;
  const user = await deps.slackApi.user(userId).catch((error: Error) => {
    deps.log('warn', 'Slack does not say who it is', { userId, message: error.message });
  });
  if (!user) {
    await tell(deps, record, plainMessage(slackMessages.nobodyKnows));
    return undefined;
  }
  const admitted = admit(deps.slack, user);
  const email = 'email' in admitted ? admitted.email : '';
  const objection = 'email' in admitted ? operatorObjection(deps, email) : admitted.objection;
  const identified = { ...record, by: { userId, email } };
  if (objection === undefined) return identified;
  await auditRefusal(deps, identified, objection);
  await tell(deps, record, plainMessage(objection));
  return undefined;
}

function operatorObjection({ config }: SlackDependencies, email: string): string | undefined {
  const operators = [...new Set(config.services.flatMap((service) => operatorsOf(config, service)))];
  return operators.includes(email) ? undefined : admissionMessages.noOperator(email, operators);
}

/** To one person alone. Slack that does not take it changes nothing of what was done. */
export async function tell(
  { slackApi, log }: Pick<SlackDependencies, 'slackApi' | 'log'>,
  { channel, by }: Pick<SlackRecord, 'channel' | 'by'>,
  message: SlackMessage,
): Promise<void> {
  await slackApi.tell(channel, by.userId, message).catch((error: Error) => {
    log('warn', 'not told', { channel, message: error.message });
  });
}
