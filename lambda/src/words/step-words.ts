import { MODE_WORDS, MOVES, type Mode } from '../../../contract/modes.ts';
import { STATUSES } from '../../../contract/status.ts';

/** What a row says of itself in Result: first what is true, then what to do. Operations have their own words. */

const list = (things: readonly (string | number)[]): string => things.join(', ') || 'none yet';
const and = (things: readonly (string | number)[]): string =>
  [things.slice(0, -1).join(', '), ...things.slice(-1)].filter((part) => part !== '').join(' and ');
const stepsOf = (steps: readonly string[]): string => `${steps.length === 1 ? 'step' : 'steps'} ${and(steps)}`;
const areThey = (steps: readonly string[], one: string, many: string): string => (steps.length === 1 ? one : many);

/** A pick has no step. */
const nameOf = ({ step, action, service }: { step: string; action: string; service: string }): string =>
  `${step.trim() === '' ? '' : `step ${step.trim()}, `}${action} of ${service}`;

/** How a step is set once more: in the rundown by its Status, in the tab Services by *Do now*. */
const again = (isPick: boolean, status = 'Go'): string => (isPick ? 'Pick it again' : `Set it to ${status} again`);

export const stepMessages = {
  nobodyNamed: (isPick: boolean) =>
    `Nothing was run: Google did not report who set this. ${again(isPick)} from an account of your organisation.`,
  unattributed: (isPick: boolean) => `Nothing was run: Google did not report who set this. ${again(isPick)}.`,
  unattributedScheduled: 'Not armed: Google did not report who set or changed this. Set it to Scheduled again.',
  tooLate: (isPick: boolean) =>
    `Nothing was run: Drawbridge heard of this more than two minutes after it was set. ${again(isPick)}.`,
  interrupted: (isPick: boolean) =>
    `Nothing was run: Drawbridge was interrupted before it could start this. ${again(isPick)}.`,

  noService: 'Nothing was run: there is no service in this row.',
  chooseAction: (titles: readonly string[]) => `Nothing was run: choose an Action. There are: ${list(titles)}.`,
  unknownAction: (typed: string, titles: readonly string[]) =>
    `Nothing was run: there is no Action "${typed}". There are: ${list(titles)}.`,
  unknownService: (typed: string, names: readonly string[]) =>
    `Nothing was run: there is no Service "${typed}". There are: ${list(names)}.`,
  severalServices: (typed: string, places: readonly string[]) =>
    `Nothing was run: "${typed}" could be ${and(places)}. Choose the one that is meant by its name.`,
  unknownStatus: (typed: string) =>
    `Nothing was run: there is no Status "${typed}". There are: ${list(STATUSES)}. Set Go to run this step.`,
  notOperator: (user: string, title: string, operators: readonly string[]) =>
    `Nothing was run: ${user} is not an operator of ${title}. Ask one of its operators: ${list(operators)}.`,
  rivals: (steps: readonly string[], title: string) =>
    `Nothing was run: ${stepsOf(steps)} of ${title} were set to Go at once. Set them to Go one after the other.`,
  copied: (rows: readonly number[], id: string) =>
    `Rows ${and(rows)} carry the same operation (${id}), so neither was run. ` +
    'Clear the cell Operation in the copy, then set it to Go.',

  copiedRun: (rows: readonly number[], id: string) =>
    `This row has not run: what was run (${id}) was run in row${rows.length === 1 ? '' : 's'} ${and(rows)}, which it is a copy of.`,

  /** @param until - When a second Go is no answer any more: two questions with the same words can be told apart. */
  offPlan: (why: string, isPick: boolean, until: string) =>
    `Not run yet: ${why} If that is meant, ${isPick ? 'pick it' : 'set Go'} again within a minute, until ${until}.`,
  offPlanOrder: (steps: readonly string[], title: string) =>
    `${stepsOf(steps)} of ${title} before it ${areThey(steps, 'is', 'are')} not done yet.`,
  offPlanTime: (when: string, minutes: number, isEarly: boolean) =>
    `it is planned for ${when}, which ${isEarly ? 'is in' : 'was'} ${minutes} minutes${isEarly ? '' : ' ago'}.`,
  offPlanUnreadable: (typed: string) =>
    `its Planned start "${typed}" is no date with a time, so nobody can tell when it is due.`,
  offPlanDone: 'this step is Done already; it would run a second time.',
  offPlanPick: (title: string) => `${title} is in production.`,
  heldByOther: (message: string, isPick: boolean) =>
    `${message} To take over, ${isPick ? 'pick it' : 'set Go'} again within two minutes.`,
  staysArmed: (when: string) => `It stays armed for ${when}.`,
  /** Once only, however often somebody sets Go by mistake. */
  doubted: (title: string, mode: Mode, known: string) => `${title} may no longer be ${MODE_WORDS[mode]}. ${known}`,
  staysDone: (question: string, before: string) => `${question} Before: ${before.split(' Before: ').slice(-1).join()}`,

  wayBackStep: (step: string) => `To open again: step ${step}.`,
  wayBackDoNow: `To open again: pick ${MOVES.exit.title} under Do now in the tab Services.`,

  armNeedsTime: 'Not armed: Planned start is empty. Write a date with a time, then set Scheduled again.',
  armNeedsDate: (typed: string) =>
    `Not armed: Planned start "${typed}" is no date with a time, such as 2026-11-22 02:00. Fix it, then set Scheduled again.`,
  armHasNoDate: (typed: string) =>
    `Not armed: Planned start "${typed}" has a time but no date. Write the date too, such as 2026-11-22 02:00, then set Scheduled again.`,
  armPast: (when: string) =>
    `Not armed: Planned start ${when} has passed. Set a later time and Scheduled again, or set Go to run it now.`,
  armSkipped: (typed: string, meant: string) =>
    `Not armed: ${typed} does not exist, as the clocks go forward then. Did you mean ${meant}? Write that, then set Scheduled again.`,
  armNotOperator: (user: string, title: string, operators: readonly string[]) =>
    `Not armed: ${user} is not an operator of ${title}. Ask one of its operators: ${list(operators)}.`,
  armed: (when: string, user: string, twice: string) =>
    `Armed by ${user}: runs by itself at ${when}.${twice} Set Planned to disarm it.`,
  armedFirst: (steps: readonly string[]) =>
    ` It runs only if ${stepsOf(steps)} before it ${areThey(steps, 'is', 'are')} Done or Skipped by then.`,
  rearmed: (when: string, user: string, twice: string) => `Still armed: ${user} moved it to ${when}.${twice}`,
  note: (before: string, message: string) => `${before} Note: ${message}`,
  twiceFirst: ' The clocks go back then, and this time comes twice: the first one is meant.',
  twiceSecond: ' The clocks go back then, and this time comes twice: the second one is meant.',
  disarmed: (user: string) => `Disarmed by ${user || 'somebody whom Google did not report'}. Nothing was run.`,
  disarmedChanged: 'Disarmed: its service, action or step was changed. Check the row, then set Scheduled again.',
  disarmedEarlier: 'Disarmed: Planned start was moved to an earlier time. If that is right, set Scheduled again.',
  disarmedNoTime: (typed: string) =>
    `Disarmed: Planned start "${typed}" is no date with a time. Fix it, then set Scheduled again.`,
  disarmedSkipped: (typed: string, meant: string) =>
    `Disarmed: ${typed} does not exist, as the clocks go forward then. Did you mean ${meant}? Write that, then set Scheduled again.`,
  disarmedStranger: (user: string) =>
    `Disarmed: ${user || 'somebody whom Google did not report'} moved it, who is not an operator. An operator may set Scheduled again.`,
  disarmedByExit: (where: string, user: string) => `Disarmed: ${user} opened the service (${where}). Nothing was run.`,
  disarmedForAll: (by: string, reason: string) =>
    `Disarmed: ${by} disarmed all steps of all release sheets (${reason}). Check the row, then set Scheduled again.`,
  missed: (when: string) =>
    `Not run: its time was ${when}, and Drawbridge came more than ten minutes too late. Set Go if it is still right.`,
  notInOrder: (steps: readonly string[]) =>
    `Not run: ${stepsOf(steps)} before it ${areThey(steps, 'was', 'were')} not done. Set Go to run it all the same.`,
  noteGo: 'It was set to Go instead.',
  noteCopied: 'Its row was copied with its operation, so neither may run.',
  noteGone: 'Its row is gone from the rundown.',
  noteRetired: 'Disarmed: this release sheet was retired. Nothing set in it will run.',
  noteNotFollowed: 'this release sheet was retired then, and does not follow it any more.',

  saysAnother: ({ step, by, at, status, id }: Record<'step' | 'by' | 'at' | 'status' | 'id', string>) =>
    'What this row says now has not run. ' +
    `Until it was changed, it said ${step}, asked for at ${at} by ${by}${status === '' ? '' : `: ${status}`} (${id}). ` +
    'If that change was a mistake, undo it, and the row says so again.',
  runsAnother: (step: string, result: string) =>
    `This row was changed while it ran. What runs is ${step}, and it goes on: ${result}`,

  byHand: (user: string) => `Set to Done by hand${user ? ` by ${user}` : ''}: nothing was run.`,
  notRunning: 'Nothing is running here: only Drawbridge sets Running. To run this step, set it to Go.',
  notOurs: (status: string) => `Nothing was run here: only Drawbridge sets ${status}. To run this step, set it to Go.`,
  stillRunning: (id: string) =>
    `This step is running (${id}): what was typed over it does not stop it. Its result comes here.`,
  starting: (id: string) => `Starting… (${id})`,
  refused: (message: string, id: string) => `${message} Nothing was changed. (${id})`,
  retired: (isPick: boolean) =>
    'Nothing was run: this release sheet is retired, and nothing set in it will run. ' +
    `If it was registered again just now: ${again(isPick).toLowerCase()} in two minutes.`,
  notRetired: (steps: readonly { readonly step: string; readonly action: string; readonly service: string }[]) =>
    `Not retired, and nothing was disarmed: ${and(steps.map(nameOf))} ${areThey(steps.map(nameOf), 'is', 'are')} running. ` +
    'Retire the sheet once that is over.',
} as const;
