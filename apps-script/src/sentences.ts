/** What the script itself says in Result: first what is true, then what to do. Operations have their own words. */
const list = (things: readonly (string | number)[]): string => things.join(', ') || 'none yet';
const and = (things: readonly (string | number)[]): string =>
  [things.slice(0, -1).join(', '), ...things.slice(-1)].filter((part) => part !== '').join(' and ');
const stepsOf = (steps: readonly string[]): string => `${steps.length === 1 ? 'step' : 'steps'} ${and(steps)}`;
const areThey = (steps: readonly string[], one: string, many: string): string => (steps.length === 1 ? one : many);

export const says = {
  noAction:
    'This step has no Action, so there is nothing for Drawbridge to run. Choose Service and Action, or set Skipped.',
  nobodyNamed: 'Nothing was run: I could not see who set this. Set it again from an account of your organisation.',
  unseen: 'Nothing was run: I did not see who set this; set it to Go again.',
  unseenScheduled: 'Not armed: I did not see who set or changed this; set it to Scheduled again.',
  armNeedsTime: 'Not armed: Planned start is empty. Write a date with a time, then set Scheduled again.',
  armNeedsDate: (typed: string) =>
    `Not armed: Planned start "${typed}" is no date with a time, such as 2026-11-22 02:00. Mend it, then set Scheduled again.`,
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
  staysArmed: (when: string) => `It stays armed for ${when}.`,
  /** Once only, however often somebody sets Go by mistake. */
  staysDone: (question: string, before: string) => `${question} Before: ${before.split(' Before: ').slice(-1).join()}`,
  notOperator: (user: string, title: string, operators: readonly string[]) =>
    `Nothing was run: ${user} is not an operator of ${title}. Ask one of its operators: ${list(operators)}.`,
  noteGo: 'It was set to Go instead.',
  noteCopied: 'Its row was copied with its operation, so neither may run.',
  noteGone: 'Its row is gone from the rundown.',
  rearmed: (when: string, user: string, twice: string) => `Still armed: ${user} moved it to ${when}.${twice}`,
  mind: (before: string, message: string) => `${before} Mind: ${message}`,
  twiceFirst: ' The clocks go back then, and this time comes twice: the first one is meant.',
  twiceSecond: ' The clocks go back then, and this time comes twice: the second one is meant.',
  disarmed: (user: string) => `Disarmed by ${user}. Nothing was run.`,
  disarmedMoved: 'Disarmed: its service, action or step was changed. Check the row, then set Scheduled again.',
  disarmedEarlier: 'Disarmed: Planned start was moved to an earlier time. If that is right, set Scheduled again.',
  disarmedStranger: (user: string) =>
    `Disarmed: ${user || 'somebody I could not see'} moved it, who is not an operator. An operator may set Scheduled again.`,
  byStep: (step: string, otherSheet?: string) => `step ${step}${otherSheet ? ` of ${otherSheet}` : ''}`,
  byPick: 'Do now in the tab Services',
  disarmedByExit: (where: string, user: string) =>
    `Disarmed: ${user} set Exit maintenance to Go (${where}). Nothing was run.`,
  missed: (when: string) =>
    `Not run: its time was ${when}, and Drawbridge came more than ten minutes too late. Set Go if it is still right.`,
  notInOrder: (steps: readonly string[]) =>
    `Not run: ${stepsOf(steps)} before it ${areThey(steps, 'was', 'were')} not done. Set Go to run it all the same.`,
  offPlan: (why: string) => `Not run yet: ${why} If that is meant, set Go again within a minute.`,
  offPlanOrder: (steps: readonly string[], title: string) =>
    `${stepsOf(steps)} of ${title} before it ${areThey(steps, 'is', 'are')} still open.`,
  offPlanTime: (when: string, minutes: number, isEarly: boolean) =>
    `it is planned for ${when}, which ${isEarly ? 'is in' : 'was'} ${minutes} minutes${isEarly ? '' : ' ago'}.`,
  offPlanDone: 'this step is Done already; it would run a second time.',
  heldByOther: (message: string, id: string) =>
    `${message} To take over, set Go again within two minutes. Nothing was changed. (${id})`,
  byHand: (user: string) => `Set to Done by hand${user ? ` by ${user}` : ''}: nothing was run.`,
  notRunning: 'Nothing is running here: only Drawbridge sets Running. To run this step, set it to Go.',
  interrupted: 'Nothing was run: Drawbridge was interrupted before it could send this step. Set it to Go again.',
  misplaced:
    'Nothing was run: this row was changed or moved while Drawbridge was writing. Check it, then set it to Go again.',
  stillRunning: (id: string) =>
    `This step is running (${id}): what was typed over it does not stop it. Its result comes here.`,
  copied: (rows: readonly number[], id: string) =>
    `Rows ${and(rows)} carry the same operation (${id}), so neither was run. ` +
    'Clear the cell Operation in the copy, then set it to Go.',
  twins: (rows: readonly number[]) => `Rows ${and(rows)} carry this operation: one is a copy.`,
  chooseAction: (titles: readonly string[]) => `Nothing was run: choose an Action. There are: ${list(titles)}.`,
  unknownAction: (typed: string, titles: readonly string[]) =>
    `Nothing was run: there is no Action "${typed}". There are: ${list(titles)}.`,
  chooseService: (names: readonly string[]) => `Nothing was run: choose a Service. There are: ${list(names)}.`,
  unknownService: (typed: string, names: readonly string[]) =>
    `Nothing was run: there is no Service "${typed}". There are: ${list(names)}.`,
  severalServices: (typed: string, places: readonly string[]) =>
    `Nothing was run: "${typed}" could be ${and(places)}. Choose the one that is meant by its name.`,
  cannotAsk: (typed: string, id: string, names: readonly string[]) =>
    `We cannot see how ${id} stands: there is no Service "${typed}". There are: ${list(names)}. ` +
    'Put the Service of this row right.',
  rivals: (steps: readonly string[], title: string) =>
    `Nothing was run: ${stepsOf(steps)} of ${title} were set to Go at once. Set them to Go one after the other.`,
  starting: (id: string) => `Starting… (${id})`,
  neverArrived: (id: string) => `Nothing was run: the request never arrived. Set it to Go again. (${id})`,
  refused: (message: string, id: string) => `${message} Nothing was changed. (${id})`,
  notLetIn: (why: string, id: string) =>
    `Nothing was run: Drawbridge did not let this sheet in (${why}). ` +
    `Ask the platform engineers to connect it again. (${id})`,
  unanswered: (why: string, id: string) =>
    `We don't know yet whether this was run: ${why}. We try again every minute. Do not go on with the next step. (${id})`,
  unseenState: (why: string, id: string) =>
    `We cannot see how this step stands: ${why}. We ask again every minute. Do not go on with the next step. (${id})`,
} as const;
