/** What the script itself says in Result: first what is true, then what to do. Operations have their own words. */
const list = (things: readonly (string | number)[]): string => things.join(', ') || 'none yet';
const and = (things: readonly (string | number)[]): string => things.join(' and ');

export const says = {
  noAction:
    'This step has no Action, so there is nothing for Drawbridge to run. Choose Service and Action, or set Skipped.',
  nobodyNamed: 'Nothing was run: I could not see who set this. Set it again from an account of your organisation.',
  unseen: 'Nothing was run: I did not see who set this; set it to Go again.',
  notScheduled: 'Drawbridge does not run steps by the clock yet. Set it to Go when it is time.',
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
  cannotAsk: (typed: string, id: string, names: readonly string[]) =>
    `We cannot see how ${id} stands: there is no Service "${typed}". There are: ${list(names)}. ` +
    'Put the Service of this row right.',
  rivals: (steps: readonly string[], title: string) =>
    `Nothing was run: steps ${and(steps)} of ${title} were set to Go at once. Set them to Go one after the other.`,
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
