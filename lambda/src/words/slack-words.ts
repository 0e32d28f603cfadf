import type { AuditEntry } from '../../../contract/audit.ts';
import { type Action, MODE_WORDS, MOVES, type Mode } from '../../../contract/modes.ts';
import type { ServiceStatus } from '../../../contract/services.ts';
import { detailsOf, whatWords } from './audit-words.ts';
import type { NoticedStep } from './notice-words.ts';
import { sourceWords, underWay } from './operation-words.ts';
import { BUSY, didYouMean, NOTHING_RUN } from './phrases.ts';
import { knownOf, modeWord } from './service-words.ts';
import { dateMinuteUtc, secondUtc } from './times.ts';

/** What Drawbridge says in Slack, in plain text; what an operation came to has its own words. */

const list = (things: readonly string[]): string => things.join(', ');

export const commandMessages = {
  unknownCommand: (
    typed: string,
    meant: string | undefined,
    { command, commands }: { readonly command: string; readonly commands: readonly string[] },
  ) =>
    `${NOTHING_RUN} There is no "${typed}".${didYouMean(meant)} There are: ${list(commands)}. ${command} help says more.`,
  unknownService: (typed: string, meant: string | undefined, names: readonly string[]) =>
    `${NOTHING_RUN} There is no service "${typed}" here.${didYouMean(meant)} There are: ${list(names)}.`,
  severalServices: (typed: string, names: readonly string[]) =>
    `${NOTHING_RUN} "${typed}" could be ${names.join(' or ')}. Use the name.`,
  wrongAddress: (typed: string, why: string) => `${NOTHING_RUN} "${typed}" is no address to let in. ${why}`,
  wrongDuration: (typed: string) =>
    `${NOTHING_RUN} "${typed}" is no length of time. Write 30m, 2h or 1h30m; 30 days are the most.`,
  noDuration: (action: Action) =>
    `${NOTHING_RUN} "for" says how long maintenance takes (enter) or how long an address is let in (enable-allowlist); ` +
    `${action} ${action === 'enable-allowlist' ? 'names no address here' : 'knows no such thing'}.`,
  rehearseWhat: (command: string) =>
    `${NOTHING_RUN} Say which action of which service is to be rehearsed, such as ${command} rehearse enter shop.`,
  tooMuch: (typed: string) => `${NOTHING_RUN} "${typed}" is not understood here. Leave it out.`,
} as const;

export const helpText = (command: string): string =>
  [
    `${command} status – what is open and closed, and what is known of it`,
    `${command} enter shop – close it to everyone; "for 2h" tells the public how long`,
    `${command} enable-allowlist shop 192.0.2.7 for 2h – let this address in, besides those who are`,
    `${command} disable-allowlist shop – shut the testers out again`,
    `${command} exit shop – open it to everyone`,
    `${command} rehearse enter shop – check all that can be checked, and change nothing`,
    `${command} alone gives you a form. In production you are asked once more before anything runs.`,
  ].join('\n');

export const admissionMessages = {
  anotherApp: `${NOTHING_RUN} This request is of another Slack app than the one that the config names.`,
  anotherWorkspace: `${NOTHING_RUN} This workspace is not one that Drawbridge listens to.`,
  anotherChannel: (channels: readonly string[]) =>
    `${NOTHING_RUN} Drawbridge does not listen in this channel. Ask in ${channels.map((id) => `<#${id}>`).join(' or ')}.`,
  bot: `${NOTHING_RUN} Bots and workflows may not ask: a person must.`,
  left: `${NOTHING_RUN} This account is deactivated.`,
  stranger: `${NOTHING_RUN} Only members of our own workspace may ask.`,
  guest: `${NOTHING_RUN} Guests may not ask.`,
  noEmail:
    `${NOTHING_RUN} Slack does not tell your e-mail address, so nobody knows whether you are an operator. Ask whoever looks ` +
    'after Slack: the app needs the scope users:read.email, and your profile an address.',
  unconfirmed: `${NOTHING_RUN} Slack has not confirmed your e-mail address yet. Confirm it, then ask again.`,
  noOperator: (email: string, operators: readonly string[]) =>
    `${NOTHING_RUN} ${email} is not an operator of any service here. Ask one of them: ${list(operators)}.`,
} as const;

export const slackMessages = {
  nobodyKnows: `${NOTHING_RUN} Slack does not say who you are just now. Ask again in a moment; or use the release sheet.`,
  notTaken: `${NOTHING_RUN} Drawbridge could not take this just now. Ask again; or use the release sheet.`,
  busy: (title: string) => `${title}: ${NOTHING_RUN} ${BUSY}`,
  noForm: (command: string) =>
    `${NOTHING_RUN} Slack did not show the form in time. Ask again, or write it all: ${command} enter shop`,
  unknownButton: `${NOTHING_RUN} Drawbridge does not know this message any more. Ask again.`,
  notYours: (email: string) => `${NOTHING_RUN} ${email} was asked this. Ask for it yourself, and you will be.`,
  alreadyOver: 'This was decided already: the message says what became of it. Nothing was run a second time.',
  tooLate: (at: string) =>
    `${NOTHING_RUN} This was asked at ${dateMinuteUtc(at)}, which is too long ago to go by. Ask again: you will see how it is now.`,
  changed: `${NOTHING_RUN} What you were shown is not so any more. Ask again: you will see how it is now.`,
  cancelled: (email: string) => `${NOTHING_RUN} ${email} cancelled it.`,
  broken: 'Something went wrong here. What was committed is driven on every minute; ask for status in a moment.',
} as const;

const QUESTIONS: Readonly<Record<Action, (titles: string) => string>> = {
  enter: (titles) => `Close ${titles} to everyone?`,
  'enable-allowlist': (titles) => `Let testers in to ${titles}?`,
  'disable-allowlist': (titles) => `Shut the testers of ${titles} out?`,
  exit: (titles) => `Open ${titles} to everyone?`,
};

const PUBLIC_SEES: Readonly<Record<Mode, string>> = {
  normal: 'Everyone gets the site.',
  maintenance: 'Everyone gets the maintenance page (503), API clients the same as JSON; testers too.',
  'maintenance-allowlist': 'The public keeps the maintenance page (503); only listed addresses get the site.',
};

/** What a person confirms. */
export interface Question {
  readonly environment: string;
  readonly action: Action;
  readonly statuses: readonly ServiceStatus[];
  /** Ranges that are let in with it. */
  readonly ranges: readonly string[];
  /** When it is planned to end, or testers are shut out again. */
  readonly until?: string | undefined;
  readonly email: string;
}

export const questionTitle = ({
  action,
  statuses,
  environment,
}: Pick<Question, 'action' | 'statuses' | 'environment'>): string =>
  `${QUESTIONS[action](list(statuses.map(({ title }) => title)))} (${environment})`;

export function questionLines(question: Question): string[] {
  const { action, statuses, ranges, email } = question;
  const until = question.until === undefined ? undefined : dateMinuteUtc(question.until);
  return [
    `The public will see: ${PUBLIC_SEES[MOVES[action].to]}`,
    ...(action === 'enter' && until ? [`They are told that it opens at ${until}.`] : []),
    ...(ranges.length > 0 ? [`Let in besides: ${list(ranges)}${until ? `, until ${until}` : ''}.`] : []),
    ...statuses.map(({ title, mode, since, holder: held }) => {
      const at = since === undefined ? '' : ` since ${dateMinuteUtc(since)}`;
      const holds = held && mode !== 'normal' ? ` ${held.by} holds it (${sourceWords(held)}).` : ' Nobody holds it.';
      return `Now: ${title} is ${MODE_WORDS[mode]}${at}.${holds}`;
    }),
    `Asked by ${email}. It is run when they press the button, within ten minutes.`,
  ];
}

export const buttonWords = {
  run: (action: Action) => MOVES[action].title,
  takeOver: (action: Action) => `Take over: ${MOVES[action].title}`,
  cancel: 'Cancel',
} as const;

/** One line of the answer to `status`. */
export function statusLine(status: ServiceStatus, now: number): { readonly word: string; readonly text: string } {
  const { since, by, mode } = status;
  const history = since === undefined ? '' : ` Since ${dateMinuteUtc(since)}${by ? ` by ${by}` : ''}.`;
  const held =
    status.holder && mode !== 'normal' ? ` Held by ${status.holder.by} (${sourceWords(status.holder)}).` : '';
  const known = knownOf(status, { now, formatTime: secondUtc }).join(' ');
  return { word: modeWord(status, now), text: `${known}${history}${held}` };
}

export const restWords = (count: number): string =>
  `${count} more: ask for one, such as status shop. Those that are not simply open come first.`;

export const formWords = {
  title: 'Drawbridge',
  submit: 'Go on',
  close: 'Cancel',
  action: 'Action',
  service: 'Service',
  addresses: 'Addresses to let in',
  addressesHint: 'Only for Enable allowlist: 192.0.2.7, 198.51.100.0/24',
  duration: 'For how long',
  durationHint: 'Such as 2h or 30m; may be left out',
} as const;

/** Above how far it has come. */
export const askedTitle = (action: Action, titles: readonly string[], email: string, environment: string): string =>
  `${MOVES[action].title}: ${list(titles)} (${environment}), asked by ${email}`;

export const startingWords = (action: Action, title: string, id: string): string =>
  `${underWay(action, title)} (${id})`;

/** One thing that happened, in one line; what its details say themselves is not said twice. */
export function factText(entry: AuditEntry): string {
  const { by, source } = entry;
  const [what, details] = [whatWords(entry), detailsOf(entry)];
  const where = source === undefined ? '' : sourceWords(source);
  if (details.startsWith(what))
    return where === '' ? details : `${where[0]?.toUpperCase()}${where.slice(1)}: ${details}`;
  // What nobody asked for is told by its sentence alone.
  if (by === 'reconciler') return details;
  const who = details.includes(by) ? '' : `, ${by}`;
  return `${what}${who}${where === '' ? '' : ` (${where})`}: ${details}`;
}

const armedLine = ({ step, action, service, plannedStart, requestedBy }: NoticedStep, sheet: string): string =>
  `${dateMinuteUtc(plannedStart)}: step ${step} of ${sheet || 'a release sheet'}, ${MOVES[action].title}, ${service}; ` +
  `armed by ${requestedBy}.`;

export const soonText = (step: NoticedStep, sheet: string): string => `Armed for ${armedLine(step, sheet)}`;

/** More are no list that anybody reads. */
const MOST_LISTED = 40;

/** What a night will do by itself. */
export function digestLines(
  environment: string,
  steps: readonly (NoticedStep & { readonly sheet: string })[],
): string[] {
  if (steps.length === 0) return [`Nothing is armed for the night any more (${environment}).`];
  const more = steps.length - MOST_LISTED;
  return [
    `Armed for the night (${environment}): ${steps.length === 1 ? 'one step runs by itself' : `${steps.length} steps run by themselves`}.`,
    ...steps.slice(0, MOST_LISTED).map((step) => `• ${armedLine(step, step.sheet)}`),
    ...(more > 0 ? [`${more} more: see the release sheets.`] : []),
  ];
}

export const noticeWords = {
  openNow: 'Open now',
  takeOver: 'Take over',
  onIt: 'I’m on it',
  isOnIt: (email: string) => `${email} is on it.`,
} as const;
