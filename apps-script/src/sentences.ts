/**
 * What the script itself says in Result, where no environment can: first what is true, then what to do. Everything else
 * is the server's.
 */
const list = (things: readonly string[]): string => things.join(', ') || 'none yet';

export const says = {
  sending: 'Sending…',
  noAction:
    'This is your own step: nothing is run here. Set Done yourself when it is done. If Drawbridge should run it, choose Service and Action.',
  chooseService: (names: readonly string[]) => `Nothing was run: choose a Service. There are: ${list(names)}.`,
  unknownService: (typed: string, names: readonly string[]) =>
    `Nothing was run: there is no Service "${typed}". There are: ${list(names)}.`,
  rehearsed: (message: string) => `Rehearsed: this step would not run. ${message}`,
  cannotAsk: (typed: string, id: string, names: readonly string[]) =>
    `We cannot see how ${id} stands: ${typed === '' ? 'this row has no Service' : `there is no Service "${typed}"`}. ` +
    `There are: ${list(names)}. Put the Service of this row right.`,
  notRegistered:
    'Nothing was run: this sheet is not connected. Ask for it to be registered in the control spreadsheet.',
  otherTab: (rundown: string) =>
    `Nothing was run: nothing set in this tab is run. The rundown of this sheet is the tab "${rundown}".`,
  goneTab:
    'Nothing was run: the tab that was the rundown of this sheet is gone. Ask for Update in the control spreadsheet: ' +
    'then this tab becomes the rundown.',
  runsElsewhere: (action: string, service: string, id: string) =>
    `Note: ${action} of ${service} is running (${id}), but its row was changed or moved, so its result cannot come ` +
    'there. Look into the tab Services before you go on.',
  refused: (message: string) => `${message} Nothing was changed.`,
  notLetIn: (why: string) =>
    `Nothing was run: Drawbridge did not let this sheet in (${why}). ` +
    'Ask the platform engineers to connect it again.',
  unanswered: (why: string) =>
    `We don't know yet whether this was run: ${why}. We try again every minute. Do not go on with the next step.`,
  stillRuns: (steps: readonly { step: string; action: string; service: string }[]) =>
    `Not retired, and nothing was disarmed: ${list(
      steps.map(({ step, action, service }) => `step ${step}, ${action} of ${service},`),
    )} is running. Retire the sheet once that is over.`,
  notRetired: (failed: readonly string[]) =>
    `The sheet is still connected, as not every environment could be told: ${failed.join('; ')}. ` +
    'What is armed in it may still run.',
  changedAgain: 'this sheet was changed again and again while it was read',
} as const;
