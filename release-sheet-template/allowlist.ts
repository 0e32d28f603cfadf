import type { TabTemplate } from './tab.ts';

/** By the first words of Check: let in, waiting for a Go, past, and what somebody must put right. */
const CHECK_STYLES = [
  { text: 'Let in', background: '#ceead6', colour: '#0d652d' },
  { text: 'Ready', background: '#e6f4ea', colour: '#0d652d' },
  { text: 'Not sent yet', background: '#feefc3', colour: '#7a4f01' },
  { text: 'Expired', background: '#e8eaed', colour: '#5f6368' },
  { text: 'Not sent', background: '#fad2cf', colour: '#a50e0e' },
] as const;

/** Who is let in while the allowlist is on, besides the permanent ranges of the config. */
export const ALLOWLIST_TAB: TabTemplate = {
  name: 'Allowlist',
  colour: '#f9ab00',
  columns: [
    {
      header: 'Address or range',
      width: 190,
      writer: 'people',
      operatorsOnly: true,
      note: 'Such as 192.0.2.10, 192.0.2.0/24 or 2001:db8::/32.',
    },
    { header: 'Who', width: 190, writer: 'people', operatorsOnly: true },
    {
      header: 'Until',
      width: 122,
      writer: 'people',
      operatorsOnly: true,
      isTime: true,
      note: 'Blank: for as long as the line stands here.',
    },
    {
      header: 'Services',
      width: 150,
      writer: 'people',
      operatorsOnly: true,
      note: 'Blank: every service of this sheet. Several: with commas between.',
    },
    { header: 'Note', width: 220, writer: 'people' },
    { header: 'Check', width: 420, writer: 'script', isLong: true },
  ],
  colours: CHECK_STYLES.map((style) => ({ header: 'Check', isBeginning: true, ...style })),
};
