import { BEGINS, REACHED } from '../contract/status.ts';

/** Each status with the colours that its cell has in the sheet: background and text, readable on each other (WCAG AA). */
export const STATUS_STYLES = [
  { status: 'Planned', background: '#f1f3f4', text: '#3c4043', meaning: 'Nothing happens yet.' },
  {
    status: 'Scheduled',
    background: '#d2e3fc',
    text: '#174ea6',
    meaning: 'Armed: it runs by itself at its planned start.',
  },
  { status: 'Go', background: '#ceead6', text: '#0d652d', meaning: 'Run it now.' },
  { status: 'Running', background: '#feefc3', text: '#7a4f01', meaning: 'Drawbridge is at it; watch Result.' },
  { status: 'Done', background: '#188038', text: '#ffffff', meaning: 'Done, and proven from outside.' },
  {
    status: 'Accepted',
    background: '#a8dab5',
    text: '#202124',
    meaning: 'The firewall accepted it, and nobody proves it: its config says verification: none.',
  },
  {
    status: 'Unproven',
    background: '#f9ab00',
    text: '#202124',
    meaning: 'The firewall accepted it, but it is not proven from outside.',
  },
  { status: 'Failed', background: '#c5221f', text: '#ffffff', meaning: 'It did not happen; Result says why.' },
  { status: 'Skipped', background: '#e8eaed', text: '#5f6368', meaning: 'Left out on purpose.' },
] as const;

export const CALM = { background: '#e8eaed', text: '#3c4043' } as const;
/** What is not so any more, or was overtaken on purpose: nothing to look at twice. */
export const CALM_STYLES = [
  ...REACHED.map((status) => ({ status, begins: BEGINS.past, ...CALM })),
  { status: 'Failed', begins: BEGINS.superseded, ...CALM },
] as const;
