import { type Action, MODE_WORDS, MOVES, type Mode } from '../../../contract/modes.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import type { Drift } from '../../../contract/services.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { Notice } from '../model/ports.ts';
import type { ServiceState } from '../model/service-state.ts';
import { describeOperation, sourceWords } from './operation-words.ts';
import { isDoubted } from './service-words.ts';
import { dateSecondUtc } from './times.ts';

/** Notices: first the state to act on, then what happened, what changed, what to do, what to quote. */

export interface Subject {
  readonly environment: string;
  readonly title: string;
  readonly state: ServiceState;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const SHORT: Readonly<Record<Mode, string>> = {
  normal: 'open',
  maintenance: 'closed',
  'maintenance-allowlist': 'open to testers only',
};

/** What a doubt is about. */
const KEPT: Readonly<Record<Mode, string>> = { ...SHORT, 'maintenance-allowlist': 'closed to the public' };

const notice = (environment: string, subject: string, ...sentences: (string | undefined)[]): Notice => ({
  subject: `[${environment}] ${subject}`,
  message: sentences.filter(Boolean).join(' '),
});

const quote = ({ state }: Subject, code: string): string =>
  `Quote ${state.operation?.request.operationId ?? `r${state.revision}`} (${code}).`;

const dontRelyOnIt = ({ state }: Subject): string =>
  state.mode === 'normal' ? 'Do not announce that it is open.' : 'Do not start, or go on with, the deployment.';

const heldBy = ({ state: { holder } }: Subject): string | undefined =>
  holder && `It is held by ${holder.by} (${sourceWords(holder)}).`;

export function repairedNotice(subject: Subject, { target, at }: Drift): Notice {
  const { environment, title, state } = subject;
  return notice(
    environment,
    `Somebody changed the firewall rules of ${title}; they were put back`,
    `${title} may not have been ${MODE_WORDS[state.mode]} for a while: somebody changed its firewall rules in ${target}.`,
    `They were put back at ${dateSecondUtc(at)} (r${state.revision}); what was seen from outside meanwhile, nobody checked.`,
    'Find out who changes them: if it happens again, Drawbridge gives way.',
    quote(subject, 'DRIFT'),
  );
}

export function contestedNotice(subject: Subject, { target, at }: Drift): Notice {
  const { environment, title, state } = subject;
  return notice(
    environment,
    `${title} may no longer be ${KEPT[state.mode]}: its firewall rules are contested`,
    `Nobody knows whether ${title} is ${MODE_WORDS[state.mode]}. ${dontRelyOnIt(subject)}`,
    `Somebody changed its firewall rules in ${target} again after they were put back (${dateSecondUtc(at)}).`,
    'Drawbridge gave way, and leaves these rules alone until a person decides: find out who changes them, then set the ' +
      'step that is meant to Go again.',
    heldBy(subject),
    quote(subject, 'CONTESTED'),
  );
}

const COPIES_SERVED = [
  'The firewall keeps new requests out, but cached copies of the site are still served: a CDN in front of it kept them. ' +
    'Drawbridge cannot fix that.',
  'Call the on-call engineer: invalidate the CDN’s cache, and give the CDN a rule group of its own (scope CLOUDFRONT).',
];

export function bypassedNotice(subject: Subject, drift: readonly Drift[]): Notice {
  const { environment, title, state } = subject;
  const where = drift.map(({ target }) => target).join(' and ');
  const at = state.seen?.at ?? drift[0]?.at ?? '';
  return notice(
    environment,
    `${title} is open to the public, though it should be ${SHORT[state.mode]}`,
    `${title} lets the public in (checked ${dateSecondUtc(at)}). It should be ${MODE_WORDS[state.mode]}. ${dontRelyOnIt(subject)}`,
    ...(state.seen?.cached
      ? COPIES_SERVED
      : [
          areOurs(state, drift)
            ? `Its firewall rules in ${where} are right, and yet probes get in: most likely its rule group was taken out of a ` +
              'web ACL, or a load balancer without that web ACL took over. Drawbridge cannot fix that.'
            : `Probes get in at ${where}, and its firewall rules there are not known to be ours.`,
          'Call the on-call engineer: put the rule group first in every web ACL of the service.',
        ]),
    heldBy(subject),
    quote(subject, 'BYPASSED'),
  );
}

/** They were read in sync when probes got in: that is what bypassed means where nothing else is wrong. */
const areOurs = ({ drift, repairing = [] }: ServiceState, bypassed: readonly Drift[]): boolean =>
  bypassed.every(
    ({ target }) =>
      !repairing.includes(target) &&
      drift.every((one) => one.target !== target || one.state === 'bypassed' || one.state === 'repaired'),
  );

/** What is known of a service whose rules are not. */
function seenFromOutside({ state: { mode, seen, proof } }: Subject): string {
  if (mode === 'normal') return 'While it is so, it cannot be closed.';
  if (proof.state === 'none') return 'Nobody checks it from outside (verification: none): look at it yourself.';
  if (!seen) return 'From outside nobody has looked since.';
  const all = seen.agree + seen.disagree + seen.unknown;
  return `From outside ${seen.agree} of ${all} probes saw it so (${dateSecondUtc(seen.at)}).`;
}

const doubt = (subject: Subject): string =>
  subject.state.mode === 'normal'
    ? `${subject.title} should be ${MODE_WORDS.normal}.`
    : `Nobody knows whether ${subject.title} is ${MODE_WORDS[subject.state.mode]}. ${dontRelyOnIt(subject)}`;

const placesOf = (drift: readonly Drift[]): string =>
  drift.map(({ target, code }) => (code ? `${target} (${code})` : target)).join(' and ');

export function unrepairedNotice(subject: Subject, drift: readonly Drift[]): Notice {
  const { environment, title, state } = subject;
  return notice(
    environment,
    `${title} may no longer be ${KEPT[state.mode]}: its firewall rules were changed, and cannot be put back`,
    doubt(subject),
    `Somebody changed its firewall rules, and the firewall does not take ours in ${placesOf(drift)}.`,
    seenFromOutside(subject),
    'Drawbridge tries every minute. Find out who changes them; the runbook says what each code means.',
    heldBy(subject),
    quote(subject, 'UNREPAIRED'),
  );
}

export function unreadableNotice(subject: Subject, drift: readonly Drift[]): Notice {
  const { environment, title, state } = subject;
  return notice(
    environment,
    `The firewall rules of ${title} cannot be read: ${state.mode === 'normal' ? 'it cannot be closed' : `it may no longer be ${KEPT[state.mode]}`}`,
    doubt(subject),
    `Its firewall rules cannot be read in ${placesOf(drift)}.`,
    seenFromOutside(subject),
    'Drawbridge tries every minute, and repairs nothing meanwhile. The runbook says what each code means.',
    heldBy(subject),
    quote(subject, 'UNREADABLE'),
  );
}

export function goneNotice(subject: Subject, drift: readonly Drift[]): Notice {
  const { environment, title, state } = subject;
  const where = drift.map(({ target }) => target).join(' and ');
  return notice(
    environment,
    `The rule group of ${title} is gone: nothing closes it${state.mode === 'normal' ? '' : `, though it should be ${SHORT[state.mode]}`}`,
    doubt(subject),
    `Its rule group, or an IP set of it, does not exist any more in ${where}.`,
    seenFromOutside(subject),
    'Call the on-call engineer: create it again, and put it first in every web ACL of the service (the runbook has the ' +
      'commands). Drawbridge fills it within a minute.',
    heldBy(subject),
    quote(subject, 'GONE'),
  );
}

/** Nobody hears of it at its own door any more: the person who took it out of the config should know. */
export function orphanedNotice(subject: Subject): Notice {
  const { environment, title, state } = subject;
  return notice(
    environment,
    `${title} is ${SHORT[state.mode]}, and no longer in the config`,
    `${title} is ${SHORT[state.mode]}, and stays so until somebody opens it: it was taken out of drawbridge.config.ts while it was ${SHORT[state.mode]}.`,
    'Drawbridge watches it as before, and repairs it.',
    'Open it with Exit maintenance (a step that names it, Do now, or the break-glass command), or put it back into the ' +
      'config and deploy. If the firewall forbids it to Drawbridge by now, put it back first.',
    heldBy(subject),
    quote(subject, 'ORPHANED'),
  );
}

export function unprovenNotice(subject: Subject, { message: _told, ...facts }: Operation): Notice {
  const { environment, title, state } = subject;
  return notice(
    environment,
    `It is not proven that ${title} is ${SHORT[state.mode]}`,
    describeOperation(facts, { formatTime: (iso) => dateSecondUtc(iso), unproven: true }),
    `It was asked for by ${facts.requestedBy} (${sourceWords(facts.source)}).`,
  );
}

export function overdueNotice(subject: Subject, plannedEnd: string): Notice {
  const { environment, title, state } = subject;
  const isProven = state.proof.state === 'verified' && !isDoubted(state);
  return notice(
    environment,
    isProven ? `${title} is ${SHORT[state.mode]} past its planned end` : `${title} was not opened at its planned end`,
    isProven ? `${title} is still ${MODE_WORDS[state.mode]}.` : `${title} should still be ${MODE_WORDS[state.mode]}.`,
    `It was planned to open at ${dateSecondUtc(plannedEnd)}.`,
    'Its page now says that it takes longer than planned.',
    'Open it with Exit maintenance, or write the new time into Planned start of that step.',
    heldBy(subject),
    quote(subject, 'OVERDUE'),
  );
}

/** @param state - As it was before. */
export function adoptedNotice({ environment, title, state }: Subject, { mode, at, actor }: DirectStamp): Notice {
  const { holder } = state;
  return notice(
    environment,
    `${title} was set to ${SHORT[mode]} directly in the firewall`,
    `${title} is being brought to: ${MODE_WORDS[mode]}. That is not proven yet.`,
    `${actor} wrote so into its firewall at ${dateSecondUtc(at)}, past the API. Until then it was to be ${MODE_WORDS[state.mode]}.`,
    holder && `It was held by ${holder.by} (${sourceWords(holder)}): talk to them.`,
    'Drawbridge adopted it, and proves it now. If it is not meant, set the right step to Go.',
    `Quote ${at} (BREAK_GLASS).`,
  );
}

/** A step as a notice names it. */
export interface NoticedStep {
  readonly operationId: string;
  readonly step: string;
  /** As its row names it: a service, or a group. */
  readonly service: string;
  readonly action: Action;
  readonly plannedStart: string;
  readonly requestedBy: string;
}

export function missedStepNotice(environment: string, title: string, step: NoticedStep): Notice {
  const action = MOVES[step.action].title;
  return notice(
    environment,
    `Missed: step ${step.step}, ${action}, ${title}`,
    `${title} is as it was: step ${step.step} (${action}) was planned for ${dateSecondUtc(step.plannedStart)} and did not run.`,
    'Nothing will run it now: it is too late. If it is still wanted, set it to Go.',
    `It was armed by ${step.requestedBy}.`,
    `Quote ${step.operationId} (MISSED_STEP).`,
  );
}

/** @param step - Armed, and still to run. */
export function reminderNotice(
  environment: string,
  title: string,
  step: NoticedStep & { readonly sheet: string },
): Notice {
  const at = dateSecondUtc(step.plannedStart);
  return notice(
    environment,
    `${title} closes at ${at}`,
    `${title} will be ${MODE_WORDS.maintenance} from ${at}: step ${step.step} of ${step.sheet || 'a release sheet'} is armed, and runs by itself.`,
    'If it must not, set the step back to Planned before.',
    `It was armed by ${step.requestedBy}.`,
    `Quote ${step.operationId} (REMINDER).`,
  );
}

export function ticksStoppedNotice(
  environment: string,
  { spreadsheetId, heardAt }: { readonly spreadsheetId: string; readonly heardAt: string },
  steps: readonly NoticedStep[],
): Notice {
  const list = steps.map(
    ({ step, action, service, plannedStart }) =>
      `step ${step} (${MOVES[action].title}, ${service}, ${dateSecondUtc(plannedStart)})`,
  );
  return notice(
    environment,
    `A release sheet is not heard of: ${steps.length} armed step${steps.length === 1 ? '' : 's'} may not run`,
    `The armed steps of a release sheet may not run by themselves: ${list.join(', ')}.`,
    `Its script has not been heard of since ${dateSecondUtc(heardAt)}.`,
    'Look at the time trigger of the controller script. Until it runs, set each step to Go by hand when it is due; if the ' +
      'sheet does not react either, use the break-glass command.',
    `Quote spreadsheet ${spreadsheetId} (TICKS_STOPPED).`,
  );
}
