import { type Action, MODE_WORDS, type Mode } from '../../../contract/modes.ts';
import { DO_NOW_STEP } from '../../../contract/operation.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { BEGINS } from '../../../contract/status.ts';
import type { Successor } from '../model/rundown-record.ts';

/** Sentences for people: first the state they must act on, then what happened, what to do, what to quote. */

export type OperationFacts = Omit<Operation, 'message' | 'again'>;

export interface WordsOptions {
  /** An ISO time as the reader's clock shows it. */
  formatTime(iso: string): string;
  /** Proof has taken longer than it should: the sheet shows the row as Unproven. */
  unproven?: boolean;
  /** How to open the service again: a sentence. */
  wayBack?: string;
  /** The config does not name its service any more: nobody drives it on, and nobody probes. */
  isLost?: boolean;
}

const quote = ({ operationId }: OperationFacts): string => `(${operationId})`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const UNDER_WAY: Readonly<Record<Action, string>> = {
  enter: 'Closing',
  'enable-allowlist': 'Letting the testers in:',
  'disable-allowlist': 'Shutting the testers out:',
  exit: 'Opening',
};

/** While nothing is known of it yet. */
export const underWay = (action: Action, title: string): string => `${UNDER_WAY[action]} ${title}…`;

const QUESTION: Readonly<Record<Mode, string>> = {
  normal: 'open',
  maintenance: 'closed',
  'maintenance-allowlist': 'open to the testers only',
};

/** What to keep one's hands off while nothing is proven. */
const MEANWHILE: Readonly<Record<Action, string>> = {
  enter: 'Do not start the deployment.',
  'enable-allowlist': 'Testers may have to wait a moment.',
  'disable-allowlist': 'Do not go on with the deployment: testers may still get in.',
  exit: 'Do not announce it yet.',
};

/** One paragraph on an operation, as the row's Result and the API's `message` tell it. */
export function describeOperation(operation: OperationFacts, options: WordsOptions): string {
  switch (operation.state) {
    case 'refused':
      return `${operation.problem?.message ?? 'It was refused.'} Nothing was changed. ${quote(operation)}`;
    case 'superseded':
      return superseded(operation);
    case 'pending':
      return options.isLost ? lost(operation, options) : pending(operation, options);
    case 'accepted':
      return options.isLost ? lost(operation, options) : accepted(operation, options);
    case 'verified':
      return verified(operation, options);
  }
}

/** Where in a release sheet something was asked for. */
export const stepWords = (step: string): string => (step === DO_NOW_STEP ? 'Do now' : `step ${step}`);

/** A step of a sheet, or no sheet at all. */
export const sourceWords = ({ kind, step }: { readonly kind?: string; readonly step?: string }): string => {
  if (step !== undefined) return stepWords(step);
  // A time that somebody moved is no step's doing.
  if (kind === 'sheet') return 'the release sheet';
  if (kind === 'chat-channel') return 'the chat';
  return kind === 'slack' ? 'Slack' : 'the break-glass command';
};

function superseded(operation: OperationFacts): string {
  const { supersededBy, title } = operation;
  const who = supersededBy
    ? ` by ${supersededBy.step ? `${stepWords(supersededBy.step)} (${supersededBy.by})` : supersededBy.by}`
    : '';
  return `${BEGINS.superseded}${who} before it was proven. Look there for what ${title} is now. ${quote(operation)}`;
}

function pending(operation: OperationFacts, { formatTime }: WordsOptions): string {
  const { title, action, mode, targets, committedAt } = operation;
  const waiting = targets.filter(({ state }) => state === 'pending');
  const codes = [...new Set(waiting.flatMap(({ code }) => (code ? [code] : [])))];
  if (codes.length === 0) return `${underWay(action, title)} ${quote(operation)}`;
  if (codes.every((code) => code === 'WAITS_FOR_TURN')) {
    return `${underWay(action, title)} it waits for its turn, as the firewall takes one change a second. ${MEANWHILE[action]} ${quote(operation)}`;
  }
  const where = waiting.map(({ target }) => target).join(' and ');
  const since = committedAt ? ` since ${formatTime(committedAt)}` : '';
  return (
    `${title} is not ${QUESTION[mode]} everywhere yet: the firewall of ${where} has not taken the change${since}. ` +
    `We try again every minute. ${MEANWHILE[action]} If this stays for five minutes, call the on-call engineer ` +
    `and quote ${operation.operationId} (${codes.join(', ')}).`
  );
}

function lost(operation: OperationFacts, { formatTime }: WordsOptions): string {
  const { title, mode, state, proof } = operation;
  const seen = proof.checkedAt ? probesSaw(operation, formatTime) : 'no probe was sent';
  const known = state === 'pending' ? 'has not taken the change everywhere' : 'accepted the change';
  return (
    `We don't know whether ${title} is ${QUESTION[mode]}, and nobody checks it: the config lost it before that was proven. ` +
    `The firewall ${known}; ${seen}. ` +
    `Look for yourself; once it is in the config again it is checked again. ${quote(operation)}`
  );
}

function accepted(operation: OperationFacts, { formatTime, unproven, wayBack }: WordsOptions): string {
  const { title, action, mode, proof, operationId } = operation;
  if (proof.state === 'none') {
    return (
      `Accepted, and nobody proves it: the firewall took the change, and nobody checks ${title} from outside (its config ` +
      `says verification: none). Look for yourself whether it is ${QUESTION[mode]}.${back(operation, wayBack)} ${quote(operation)}`
    );
  }
  const seen = probesSaw(operation, formatTime);
  if (unproven) {
    const isStillOpen = mode !== 'normal' && proof.probes > 0 && proof.open === proof.probes;
    const known = isStillOpen
      ? `${title} is open to the public.`
      : `We don't know whether ${title} is ${QUESTION[mode]}.`;
    return (
      `${known} The firewall accepted the change, but ${seen}. ` +
      `${MEANWHILE[action]}${isStillOpen ? '' : back(operation, wayBack)} We keep checking every minute; call the on-call engineer and quote ${operationId} (UNPROVEN).`
    );
  }
  return `${underWay(action, title)} the firewall accepted the change; ${seen}. ${MEANWHILE[action]} ${quote(operation)}`;
}

function probesSaw({ mode, proof }: OperationFacts, formatTime: (iso: string) => string): string {
  if (!proof.checkedAt) return 'the first probes are on their way';
  const at = ` (${formatTime(proof.checkedAt)}${sentFrom(proof)})`;
  const of = `of ${plural(proof.probes, 'probe')}`;
  if (proof.unknown > 0 && proof.disagree === 0) return `${proof.unknown} ${of} got no answer at all${at}`;
  if (proof.cached) return `${proof.cached} ${of} were given a copy from before: ${cachedWords(mode)}${at}`;
  if (proof.disagree === 0) return `all ${plural(proof.probes, 'probe')} agree so far${needed(proof)}${at}`;
  if (mode !== 'normal' && proof.open === proof.disagree) return `${proof.open} ${of} still got in${at}`;
  return `${proof.disagree} ${of} do not see it yet${at}`;
}

/** Past the firewall nobody gets; what some CDN kept before is another finding, with a remedy of its own. */
const cachedWords = (mode: Mode): string =>
  mode === 'normal'
    ? 'cached copies of the maintenance page are still served; invalidate the CDN’s cache'
    : 'cached copies of the site are still served; invalidate the CDN’s cache';

const needed = ({ needed: count }: OperationFacts['proof']): string => (count ? `, ${count} are needed` : '');

const sentFrom = ({ from }: OperationFacts['proof']): string => (from ? `, sent from ${from}` : '');

const proven = (
  { proof }: OperationFacts,
  formatTime: (iso: string) => string,
  [one, all] = ['agrees', 'agree'],
): string => {
  const { probes, checkedAt = '' } = proof;
  const agreed = probes === 1 ? `1 probe from outside ${one}` : `all ${probes} probes from outside ${all}`;
  return `${agreed}, checked ${formatTime(checkedAt)}${sentFrom(proof)}`;
};

function verified(operation: OperationFacts, { formatTime, wayBack }: WordsOptions): string {
  const { title, mode, revision, changed } = operation;
  const checked = proven(operation, formatTime);
  const end = `${quote(operation).slice(0, -1)}, r${revision})`;
  const already = changed ? '' : ' It was so already; nothing had to be changed.';
  const plan = operation.plannedEnd ? ` Planned to open at ${formatTime(operation.plannedEnd)}.` : '';
  const rest = `${already}${plan}${back(operation, wayBack)}`;
  switch (mode) {
    case 'maintenance':
      return `${title} is closed to everyone (${checked}).${rest} ${end}`;
    case 'maintenance-allowlist':
      return `${title} is closed to the public; the rule that lets testers in is live (${checked}).${rest} ${end}`;
    case 'normal':
      return `${opened(operation)} (${checked}).${already} ${quote(operation)}`;
  }
}

const back = ({ mode }: OperationFacts, wayBack = ''): string =>
  mode === 'normal' || wayBack === '' ? '' : ` ${wayBack}`;

/** Our rules are gone either way; whether the site itself is well is another claim. */
function opened({ title, proof }: OperationFacts): string {
  const broken = brokenStatuses(proof);
  if (broken.length === 0) return `${title} is open to everyone`;
  return `Maintenance is removed, but ${title} itself answers ${[...new Set(broken)].join(', ')}. Call its team`;
}

const brokenStatuses = ({ siteStatuses = [] }: OperationFacts['proof']): number[] =>
  siteStatuses.filter((status) => status >= 500);

const SET_ANEW: Readonly<Record<Action, string>> = {
  enter: 'closed it',
  'enable-allowlist': 'let the testers in',
  'disable-allowlist': 'shut the testers out',
  exit: 'opened it',
};

/** What an operation had come to before its service was set anew. */
export function describePast(
  operation: OperationFacts,
  { at, action, mode, who, doubtedSince }: Successor,
  { formatTime }: Pick<WordsOptions, 'formatTime'>,
): string {
  const did = mode === operation.mode ? 'set it anew' : SET_ANEW[action];
  const doubt = doubtedSince === undefined ? '' : ` From ${formatTime(doubtedSince)} on that was in doubt.`;
  return `${BEGINS.past}${formatTime(at)}, when ${who} ${did}: ${was(operation, formatTime)}.${doubt} ${quote(operation)}`;
}

function was(operation: OperationFacts, formatTime: (iso: string) => string): string {
  const { title, mode, proof } = operation;
  if (proof.state === 'none')
    return `${title} was set to ${MODE_WORDS[mode]}; the firewall took it, and nobody proved it`;
  const how = `(${proven(operation, formatTime, ['agreed', 'agreed'])})`;
  switch (mode) {
    case 'maintenance':
      return `${title} was closed to everyone ${how}`;
    case 'maintenance-allowlist':
      return `${title} was closed to the public; the rule that lets testers in was live ${how}`;
    case 'normal':
      return `${brokenStatuses(proof).length === 0 ? `${title} was open to everyone` : `maintenance was removed, and ${title} itself was ill`} ${how}`;
  }
}
