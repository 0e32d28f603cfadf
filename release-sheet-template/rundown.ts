import { MOVES } from '../contract/modes.ts';
import { BEGINS } from '../contract/status.ts';
import { CALM, CALM_STYLES, STATUS_STYLES } from './statuses.ts';
import type { ColumnTemplate, TabTemplate } from './tab.ts';

/** The rundown tab, as typed data: the sheet builder, the local seed and the docs are made from it. */

export const RUNDOWN_COLUMNS: readonly ColumnTemplate[] = [
  { header: 'Step', width: 40, writer: 'people' },
  {
    header: 'Planned start',
    width: 120,
    writer: 'people',
    isTime: true,
    note: 'A date with a time, in the zone of this sheet.',
  },
  { header: 'Task', width: 148, writer: 'people', isLong: true },
  { header: 'Owner', width: 116, writer: 'people' },
  {
    header: 'Service',
    width: 92,
    writer: 'people',
    choicesFrom: 'services',
    note: 'What is closed or opened: a service, or a group of them.',
  },
  { header: 'Action', width: 150, writer: 'people', choices: Object.values(MOVES).map(({ title }) => title) },
  {
    header: 'Status',
    width: 104,
    writer: 'people',
    operatorsOnly: true,
    choices: STATUS_STYLES.map(({ status }) => status),
    note: 'Go runs it now. Scheduled runs it at its planned start. Skipped leaves it out.',
  },
  { header: 'Result', width: 312, writer: 'script', isLong: true },
  { header: 'Started', width: 132, writer: 'script', isTime: true },
  { header: 'Finished', width: 132, writer: 'script', isTime: true },
  { header: 'By', width: 190, writer: 'script' },
  { header: 'Operation', width: 130, writer: 'script' },
];

export const RUNDOWN_TAB: TabTemplate = {
  name: 'Rundown',
  colour: '#1a73e8',
  hasBanner: true,
  tellsNow: true,
  columns: RUNDOWN_COLUMNS,
  colours: [
    ...CALM_STYLES.map(({ status, begins, background, text }) => ({
      header: 'Status',
      text: status,
      where: { header: 'Result', begins },
      background,
      colour: text,
    })),
    ...Object.values(BEGINS).map((begins) => ({
      header: 'Result',
      text: begins,
      isBeginning: true,
      background: CALM.background,
      colour: CALM.text,
    })),
    ...STATUS_STYLES.map(({ status, background, text }) => ({
      header: 'Status',
      text: status,
      background,
      colour: text,
    })),
  ],
};

export interface ExampleStep {
  /** Minutes after the release begins. */
  readonly minute: number;
  readonly task: string;
  readonly owner: string;
  readonly service?: string;
  readonly action?: keyof typeof MOVES;
}

/** A release night: people's own steps between ours. */
export const EXAMPLE_STEPS: readonly ExampleStep[] = [
  { minute: 0, task: 'Go / no-go call', owner: 'Release manager' },
  { minute: 5, task: 'Close the shop to the public', owner: 'Release manager', service: 'shop', action: 'enter' },
  { minute: 7, task: 'Back up the database', owner: 'Database team' },
  { minute: 9, task: 'Deploy release 42', owner: 'Platform team' },
  { minute: 12, task: 'Let the testers in', owner: 'Release manager', service: 'shop', action: 'enable-allowlist' },
  { minute: 14, task: 'Smoke test checkout and search', owner: 'Test team' },
  {
    minute: 18,
    task: 'Testers out, final data migration',
    owner: 'Release manager',
    service: 'shop',
    action: 'disable-allowlist',
  },
  { minute: 22, task: 'Open the shop', owner: 'Release manager', service: 'shop', action: 'exit' },
  {
    minute: 26,
    task: 'Close payments for the switch of provider',
    owner: 'Payments lead',
    service: 'payments',
    action: 'enter',
  },
  { minute: 28, task: 'Open payments', owner: 'Payments lead', service: 'payments', action: 'exit' },
];

/** The tab's cells; times as `YYYY-MM-DD HH:mm` in UTC, the zone of a new sheet. */
export function exampleRundown(startsAt: number): string[][] {
  const time = (minute: number) => new Date(startsAt + minute * 60_000).toISOString().slice(0, 16).replace('T', ' ');
  const rows = EXAMPLE_STEPS.map(({ minute, task, owner, service = '', action }, index) => [
    String(index + 1),
    time(minute),
    task,
    owner,
    service,
    action ? MOVES[action].title : '',
    'Planned',
    ...Array.from({ length: RUNDOWN_COLUMNS.length - 7 }, () => ''),
  ]);
  return [RUNDOWN_COLUMNS.map(({ header }) => header), ...rows];
}
