import { STATUS_STYLES } from './statuses.ts';
import type { TabTemplate } from './tab.ts';

/** What a release manager needs to know, inside the sheet. */
export const READ_ME_TAB: TabTemplate = {
  name: 'Read me',
  columns: [{ header: 'How to work with this sheet', width: 900, writer: 'people', isLong: true }],
  rows: [
    ['Each row of Rundown is a step. Rows without an Action are your own: Drawbridge leaves them alone.'],
    ['To run a step now, set its Status to Go. To let it run by itself at its Planned start, set it to Scheduled.'],
    ['Result says what is known, what was checked from outside, and what to do. Done means proven, never only sent.'],
    [
      'Off plan (an earlier step is not done yet, or it is not its time), a production step asks for a second Go within a minute.',
    ],
    ['To abort: set the step with Exit maintenance to Go. What is armed for that service is disarmed.'],
    [
      'To rehearse, such as the afternoon before: pick Rehearse all steps in Do now of the tab Services. Everything is checked, ' +
        'each Result says what would happen, and nothing is changed.',
    ],
    ['To let a tester in: add a line in Allowlist, then set a step with Enable allowlist to Go.'],
    ['If the first column says NOT CONNECTED, nothing that you set here is run: ask for the sheet to be registered.'],
    ...STATUS_STYLES.map(({ status, meaning }) => [`${status}: ${meaning}`]),
  ],
};
