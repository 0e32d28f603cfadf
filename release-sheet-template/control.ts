import { STATUS_STYLES } from './statuses.ts';
import type { TabTemplate } from './tab.ts';

/** The private spreadsheet of the people who look after the release sheets. */

export const RELEASE_ACTIONS = ['Create', 'Copy', 'Register', 'Update', 'Retire'] as const;
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number];

export const RELEASES_TAB: TabTemplate = {
  name: 'Releases',
  colour: '#1a73e8',
  columns: [
    { header: 'Release', width: 180, writer: 'people', note: 'The name of the release sheet.' },
    {
      header: 'Action',
      width: 110,
      writer: 'people',
      choices: RELEASE_ACTIONS,
      note:
        'Create makes a new sheet. Copy makes one from another, such as last month’s: write that one’s address into Sheet. ' +
        'Register takes one that is there. Update brings it up to the newest template. Retire ends it: nothing set in it will run.',
    },
    { header: 'Sheet', width: 380, writer: 'people', note: 'Its address; Create and Copy write the new one here.' },
    {
      header: 'Status',
      width: 92,
      writer: 'people',
      choices: ['Go', 'Running', 'Done', 'Failed'],
      note: 'Go does it.',
    },
    { header: 'Result', width: 420, writer: 'script', isLong: true },
    { header: 'By', width: 200, writer: 'script' },
    { header: 'At', width: 132, writer: 'script', isTime: true },
  ],
  colours: STATUS_STYLES.filter(({ status }) => ['Go', 'Running', 'Done', 'Failed'].includes(status)).map(
    ({ status, background, text }) => ({ header: 'Status', text: status, background, colour: text }),
  ),
};

export const HEALTH_TAB: TabTemplate = {
  name: 'Health',
  colour: '#188038',
  columns: [
    { header: 'Check', width: 220, writer: 'script' },
    { header: 'State', width: 90, writer: 'script' },
    { header: 'What we found', width: 460, writer: 'script', isLong: true },
    { header: 'What to do', width: 460, writer: 'script', isLong: true },
    { header: 'Checked', width: 132, writer: 'script', isTime: true },
  ],
  colours: [
    { header: 'State', text: 'Good', background: '#ceead6', colour: '#0d652d' },
    { header: 'State', text: 'Fix', background: '#fad2cf', colour: '#a50e0e' },
  ],
};

export const CONTROL_SHEET: readonly TabTemplate[] = [RELEASES_TAB, HEALTH_TAB];
