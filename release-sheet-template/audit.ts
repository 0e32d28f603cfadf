import type { TabTemplate } from './tab.ts';

/** One line for each thing that happened; only ever added to. */
export const AUDIT_TAB: TabTemplate = {
  name: 'Audit',
  colour: '#5f6368',
  columns: [
    { header: 'At', width: 140, writer: 'script', isTime: true },
    { header: 'Who', width: 200, writer: 'script' },
    { header: 'What', width: 160, writer: 'script' },
    { header: 'Service', width: 110, writer: 'script' },
    { header: 'Step', width: 60, writer: 'script' },
    { header: 'Outcome', width: 100, writer: 'script' },
    { header: 'Took', width: 80, writer: 'script', note: 'From the request to its proof.' },
    { header: 'Planned', width: 138, writer: 'script', isTime: true },
    { header: 'Late by', width: 80, writer: 'script', note: 'Actual against planned start.' },
    { header: 'Details', width: 520, writer: 'script', isLong: true },
    { header: 'Operation', width: 140, writer: 'script' },
  ],
};
