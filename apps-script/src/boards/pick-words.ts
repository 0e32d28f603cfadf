/** What the board says of what was picked in *Do now*. Operations have their own words. */
const list = (things: readonly string[]): string => things.join(', ') || 'none yet';

export const pickSays = {
  nobodyNamed: 'Nothing was run: I could not see who picked this. Pick it again from an account of your organisation.',
  noService: 'Nothing was run: there is no service in this row.',
  unseen: 'Nothing was run: I did not see who picked this; pick it again.',
  pickAgain: (action: string, title: string) =>
    `Not run yet: ${title} is in production. If ${action} is meant, pick it again within a minute.`,
  interrupted: 'Nothing was run: Drawbridge was interrupted before it could send this. Pick it again.',
  neverArrived: (id: string) => `Nothing was run: the request never arrived. Pick it again. (${id})`,
  heldByOther: (message: string, id: string) =>
    `${message} To take over, pick it again within two minutes. Nothing was changed. (${id})`,
  notRunning: 'Nothing is running here: only Drawbridge sets Running.',
  unknownAction: (typed: string, titles: readonly string[]) =>
    `Nothing was run: there is no Action "${typed}". There are: ${list(titles)}.`,
  unknownService: (typed: string, names: readonly string[]) =>
    `Nothing was run: there is no Service "${typed}". There are: ${list(names)}.`,
} as const;
