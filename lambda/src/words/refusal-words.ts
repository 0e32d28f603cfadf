import { type Action, MODE_WORDS, MOVES, type Mode, meantInstead } from '../../../contract/modes.ts';
import { DO_NOW_STEP } from '../../../contract/operation.ts';
import { sourceWords } from './operation-words.ts';

/** Why an operation does not begin: what is true, then what to do. */

type Source = Readonly<{ kind?: string; step?: string }>;
/** Who asked for something, and where. */
type Asked = Source & { readonly spreadsheetId?: string; readonly by: string };

const clock = (now: number): string => `The clock here says ${new Date(now).toISOString()}.`;

export const refusalMessages = {
  unknownService: (name: string, known: readonly string[]) =>
    `There is no service "${name}" here. There are: ${known.join(', ')}.`,
  notOperator: (person: string, title: string, operators: readonly string[]) =>
    `${person} is not an operator of ${title}. Ask one of its operators: ${operators.join(', ')}.`,
  channelMayNot: (channel: string, action: Action, allowed: readonly string[]) =>
    `The channel ${channel} may not ask for ${action}. ` +
    `${allowed.length > 0 ? `It may ask for ${allowed.join(', ')}. ` : ''}Ask an operator to do it in the release sheet.`,
  stale: (requestedAt: string, now: number, source: Source) =>
    `This was asked at ${requestedAt}, more than 5 minutes ago. ${clock(now)} ${isChat(source) ? 'Ask again' : 'Set Go again'}.`,
  future: (requestedAt: string, now: number) => `requestedAt is ${requestedAt}, which is still to come. ${clock(now)}`,
  overtaken: (title: string, mode: Mode, { by, ...source }: Asked, asking: Source) =>
    `${title} was set by ${by} after this was asked (${sourceWords(source)}). ` +
    `It is now ${MODE_WORDS[mode]}. If you still want this, ${isChat(asking) ? 'ask again' : 'set Go again'}.`,
  heldByOther: (title: string, held: Asked, asking: Asked) =>
    `${title} is held by ${held.spreadsheetId === undefined ? sourceWords(held) : 'another release sheet'}: ` +
    `${held.by} closed it with ${sourceWords(held)}. ` +
    `This is ${sourceWords(asking)} of ${asking.by}. Talk to them before anything else.`,
  disarmedByExit: (title: string, exited: { readonly by: string; readonly where: string }) =>
    `${exited.by} opened ${title} since this was armed (${exited.where}).`,
  illegalMove: (title: string, mode: Mode, action: Action, source: Source) =>
    `${title} is ${MODE_WORDS[mode]}, so "${MOVES[action].title}" does not fit: ${wayOf(source, meantInstead(action, mode))}.`,

  orphaned: (title: string, action: Action) =>
    `${title} is not in the config any more, so "${MOVES[action].title}" is not run: it can be opened ` +
    `(${MOVES.exit.title}), and nothing else. To use it again, put it back into the config and deploy.`,

  wrongField: (field: string, remedy: string) => `The field ${field} does not fit. ${remedy}`,
  exitHasNoEnd: 'Leave it out: exit ends the maintenance now.',
  endHasPassed: (plannedEnd: string) => `It is ${plannedEnd}, which has passed. It must lie ahead.`,
  endIsFar: (plannedEnd: string) => `It is ${plannedEnd}. It must lie within 30 days.`,
  nobodyIsLetIn: 'Leave it out: only enable-allowlist lets anybody in.',
  testerHasEnded: (range: string, until: string) => `For ${range} it is ${until}, which has passed. It must lie ahead.`,
  allowlistIsEmpty: (title: string) =>
    `It is empty, and ${title} has no permanent one. Name at least one address or range.`,

  idReused: (operationId: string) =>
    `The operation ${operationId} exists with other content. A new operation needs a new id.`,
  notAskedAnyMore: 'Its step does not ask for this any more. Nothing was changed.',
  busy: (title: string) => `Others keep changing ${title} just now. Send the same operation again: it runs once.`,
} as const;

/** Where people ask in words, in no row. */
const isChat = ({ kind }: Source): boolean => kind === 'slack' || kind === 'chat-channel';

function wayOf(source: Source, meant: Action): string {
  const { step } = source;
  if (isChat(source)) return `ask for ${meant} instead`;
  return step === DO_NOW_STEP ? `pick ${MOVES[meant].title} in Do now` : `set ${MOVES[meant].title} to Go`;
}
