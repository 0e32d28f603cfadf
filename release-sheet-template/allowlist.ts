import type { TabTemplate } from './tab.ts';

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
};
