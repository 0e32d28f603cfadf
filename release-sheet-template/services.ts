import { MOVES } from '../contract/modes.ts';
import { REHEARSAL_TITLES } from '../contract/rehearsal.ts';
import { PROVEN_WORDS, UNCHECKED_WORDS, UNDER_WAY_WORDS, UNSURE_WORD } from '../lambda/src/words/service-words.ts';
import { STATUS_STYLES } from './statuses.ts';
import type { TabTemplate } from './tab.ts';

/** The live board of a release sheet, one row for each service. */

const MODE_STYLES = [
  { word: PROVEN_WORDS.normal, background: '#ceead6', colour: '#0d652d' },
  { word: PROVEN_WORDS.maintenance, background: '#fad2cf', colour: '#a50e0e' },
  { word: PROVEN_WORDS['maintenance-allowlist'], background: '#feefc3', colour: '#7a4f01' },
] as const;

export const SERVICES_TAB: TabTemplate = {
  name: 'Services',
  colour: '#188038',
  hasBanner: true,
  columns: [
    { header: 'Service', width: 130, growsOld: true, writer: 'script' },
    { header: 'Mode', width: 120, growsOld: true, writer: 'script' },
    {
      header: 'Do now',
      width: 152,
      writer: 'people',
      operatorsOnly: true,
      choices: [...Object.values(MOVES).map(({ title }) => title), ...Object.values(REHEARSAL_TITLES)],
      note:
        'For a panic without a step: what is picked here is run at once. Rehearse: everything is checked, and nothing is ' +
        'changed; Result says what would happen.',
    },
    { header: 'Status', width: 92, writer: 'script', note: 'Of what was picked in Do now.' },
    { header: 'Result', width: 340, writer: 'script', isLong: true },
    { header: 'What we know', width: 320, growsOld: true, writer: 'script', isLong: true },
    { header: 'Since', width: 138, growsOld: true, writer: 'script', isTime: true },
    { header: 'Set by', width: 205, growsOld: true, writer: 'script' },
    {
      header: 'Held by',
      width: 210,
      growsOld: true,
      isLong: true,
      writer: 'script',
      note: 'The sheet and step that closed it.',
    },
    { header: 'Environment', width: 100, growsOld: true, writer: 'script' },
    { header: 'Started', width: 138, writer: 'script', isTime: true },
    { header: 'Finished', width: 138, writer: 'script', isTime: true },
    { header: 'By', width: 190, writer: 'script' },
    { header: 'Operation', width: 130, writer: 'script' },
    {
      header: 'As of',
      width: 122,
      writer: 'script',
      isTime: true,
      note: 'When Drawbridge last asked how this service stands.',
    },
    {
      header: 'Good until',
      width: 122,
      writer: 'script',
      isTime: true,
      note: 'After this the row turns grey: nobody has asked for longer than we should have, and it may be otherwise by now.',
    },
  ],
  staleAfter: 'Good until',
  colours: [
    ...[...Object.values(UNDER_WAY_WORDS), ...Object.values(UNCHECKED_WORDS)].map((text) => ({
      header: 'Mode',
      text,
      background: '#fef7e0',
      colour: '#7a4f01',
    })),
    { header: 'Mode', text: UNSURE_WORD, background: '#f9ab00', colour: '#202124' },
    ...MODE_STYLES.map(({ word, background, colour }) => ({ header: 'Mode', text: word, background, colour })),
    ...STATUS_STYLES.map(({ status, background, text }) => ({
      header: 'Status',
      text: status,
      background,
      colour: text,
    })),
  ],
};
