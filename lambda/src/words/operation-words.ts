import { MODE_WORDS, type Mode } from '../../../contract/modes.ts';
import { DO_NOW_STEP, type Operation } from '../../../contract/operation.ts';

/** Sentences for people: first the state they must act on, then what happened, what to do, what to quote. */

export type OperationFacts = Omit<Operation, 'message' | 'again'>;

export interface WordsOptions {
  /** An ISO time as the reader's clock shows it. */
  formatTime(iso: string): string;
  /** Proof has taken longer than it should: the sheet shows the row as Unproven. */
  unproven?: boolean;
}

const quote = ({ operationId }: OperationFacts): string => `(${operationId})`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const UNDER_WAY: Readonly<Record<Mode, string>> = {
  normal: 'Opening',
  maintenance: 'Closing',
  'maintenance-allowlist': 'Letting the testers in:',
};

const QUESTION: Readonly<Record<Mode, string>> = {
  normal: 'open',
  maintenance: 'closed',
  'maintenance-allowlist': 'open to the testers only',
};

/** What to keep one's hands off while nothing is proven. */
const MEANWHILE: Readonly<Record<Mode, string>> = {
  normal: 'Do not announce it yet.',
  maintenance: 'Do not start the deployment.',
  'maintenance-allowlist': 'Testers may have to wait a moment.',
};

/** One paragraph on an operation, as the row's Result and the API's `message` tell it. */
export function describeOperation(operation: OperationFacts, options: WordsOptions): string {
  if (operation.dryRun) return dryRun(operation);
  switch (operation.state) {
    case 'refused':
      return `${operation.problem?.message ?? 'It was refused.'} Nothing was changed. ${quote(operation)}`;
    case 'superseded':
      return superseded(operation);
    case 'pending':
      return pending(operation, options);
    case 'accepted':
      return accepted(operation, options);
    case 'verified':
      return verified(operation, options);
  }
}

function dryRun({ title, mode, changed }: OperationFacts): string {
  const would = changed ? `${title} would become ${MODE_WORDS[mode]}` : `${title} is already ${MODE_WORDS[mode]}`;
  return `${would}. This was a dry run: nothing was changed.`;
}

/** Where in a release sheet something was asked for. */
export const stepWords = (step: string): string => (step === DO_NOW_STEP ? 'Do now' : `step ${step}`);

/** A step of a sheet, or no sheet at all. */
export const sourceWords = ({ kind, step }: { readonly kind?: string; readonly step?: string }): string => {
  if (step !== undefined) return stepWords(step);
  return kind === 'slack' ? 'Slack' : 'the break-glass command';
};

function superseded(operation: OperationFacts): string {
  const { supersededBy, title } = operation;
  const who = supersededBy
    ? ` by ${supersededBy.step ? `${stepWords(supersededBy.step)} (${supersededBy.by})` : supersededBy.by}`
    : '';
  return `Superseded${who} before it was proven. Look there for what ${title} is now. ${quote(operation)}`;
}

function pending(operation: OperationFacts, { formatTime }: WordsOptions): string {
  const { title, mode, targets, committedAt } = operation;
  const waiting = targets.filter(({ state }) => state === 'pending');
  const codes = [...new Set(waiting.flatMap(({ code }) => (code ? [code] : [])))];
  if (codes.length === 0) return `${UNDER_WAY[mode]} ${title}… ${quote(operation)}`;
  if (codes.every((code) => code === 'WAITS_FOR_TURN')) {
    return `${UNDER_WAY[mode]} ${title}… it waits for its turn, as the firewall takes one change a second. ${MEANWHILE[mode]} ${quote(operation)}`;
  }
  const where = waiting.map(({ target }) => target).join(' and ');
  const since = committedAt ? ` since ${formatTime(committedAt)}` : '';
  return (
    `${title} is not ${QUESTION[mode]} everywhere yet: the firewall of ${where} has not taken the change${since}. ` +
    `We try again every minute. ${MEANWHILE[mode]} If this stays for five minutes, call the on-call engineer ` +
    `and quote ${operation.operationId} (${codes.join(', ')}).`
  );
}

function accepted(operation: OperationFacts, { formatTime, unproven }: WordsOptions): string {
  const { title, mode, proof, operationId } = operation;
  if (proof.state === 'none') {
    return (
      `Accepted, and nobody proves it: the firewall took the change, and nobody checks ${title} from outside (its config ` +
      `says verification: none). Look for yourself whether it is ${QUESTION[mode]}. ${quote(operation)}`
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
      `${MEANWHILE[mode]} We keep checking every minute; call the on-call engineer and quote ${operationId} (UNPROVEN).`
    );
  }
  return `${UNDER_WAY[mode]} ${title}… the firewall accepted the change; ${seen}. ${MEANWHILE[mode]} ${quote(operation)}`;
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

const agreed = ({ probes }: OperationFacts['proof']): string =>
  probes === 1 ? '1 probe from outside agrees' : `all ${probes} probes from outside agree`;

function verified(operation: OperationFacts, { formatTime }: WordsOptions): string {
  const { title, mode, proof, revision, changed } = operation;
  const checked = `${agreed(proof)}, checked ${formatTime(proof.checkedAt ?? '')}${sentFrom(proof)}`;
  const end = `${quote(operation).slice(0, -1)}, r${revision})`;
  const already = changed ? '' : ' It was so already; nothing had to be changed.';
  const plan = operation.plannedEnd ? ` Planned to open at ${formatTime(operation.plannedEnd)}.` : '';
  switch (mode) {
    case 'maintenance':
      return `${title} is closed to everyone (${checked}).${already}${plan} ${end}`;
    case 'maintenance-allowlist':
      return `${title} is closed to the public; the rule that lets testers in is live (${checked}).${already}${plan} ${end}`;
    case 'normal':
      return `${opened(operation)} (${checked}).${already} ${quote(operation)}`;
  }
}

/** Our rules are gone either way; whether the site itself is well is another claim. */
function opened({ title, proof }: OperationFacts): string {
  const broken = (proof.siteStatuses ?? []).filter((status) => status >= 500);
  if (broken.length === 0) return `${title} is open to everyone`;
  return `Maintenance is removed, but ${title} itself answers ${[...new Set(broken)].join(', ')}. Call its team`;
}
