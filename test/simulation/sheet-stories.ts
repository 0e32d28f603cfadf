import { at, DUTY, line, MANAGER, night } from '../unit/lambda/rundown/terminal.ts';
import type { LiveSheet } from './live-sheet.ts';
import type { Servers } from './servers.ts';
import { ENTER, EXIT, LATER_TESTER, type Stories, TESTER } from './story.ts';

/** The shop is closed, and one tester is in. */
const letTesterIn = async (sheet: LiveSheet, { clock }: Servers): Promise<void> => {
  sheet.letIn({ address: TESTER, who: 'Ana', until: { text: '' }, services: '' });
  await sheet.person('2', 'Go');
  await sheet.tick();
  clock.now = Date.parse(at(8));
  await sheet.person('5', 'Go');
  await sheet.tick();
};

/** What people do in release sheets. */
export const SHEET_STORIES: Stories = {
  'a service is closed': {
    play: (sheet) => sheet.person('2', 'Go'),
    ends: { 2: 'Done' },
    modes: { shop: 'maintenance' },
    people: { 2: MANAGER },
    leastCalls: 25,
  },
  'a closed service is observed, and opened': {
    prepare: (sheet) => sheet.person('2', 'Go'),
    async play(sheet) {
      await sheet.minute();
      await sheet.person('8', 'Go', DUTY);
    },
    ends: { 2: 'Done', 8: 'Done' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, 8: DUTY },
    leastCalls: 50,
  },
  'a step is armed, and the server fires it': {
    async play(sheet, { clock }) {
      await sheet.person('2', 'Scheduled');
      clock.now = Date.parse(at(4, 30));
      await sheet.tick();
      await sheet.minute();
    },
    ends: { 2: 'Done' },
    modes: { shop: 'maintenance' },
    people: { 2: MANAGER },
    noted: ['armed'],
    leastCalls: 30,
  },
  'a group of two is closed': {
    lines: () => [line('1', 'storefront', ENTER, at(1)), ...night()],
    play: (sheet) => sheet.person('1', 'Go'),
    ends: { 1: 'Done' },
    modes: { shop: 'maintenance', payments: 'maintenance' },
    people: { 1: MANAGER },
    leastCalls: 40,
  },
  'an abort overtakes what is under way': {
    async play(sheet) {
      await sheet.person('2', 'Go', MANAGER, { isFollowed: false });
      await sheet.person('8', 'Go', DUTY);
    },
    ends: { 2: 'Failed', 8: 'Done' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, 8: DUTY },
    leastCalls: 40,
  },
  'testers are let in': {
    async prepare(sheet, { clock }) {
      sheet.letIn(
        { address: TESTER, who: 'Ana', until: { text: '' }, services: '' },
        { address: '2001:db8::7', who: 'Ben', until: { text: '04:00', at: at(120) }, services: 'shop' },
      );
      await sheet.person('2', 'Go');
      await sheet.tick();
      clock.now = Date.parse(at(8));
    },
    play: (sheet) => sheet.person('5', 'Go', DUTY),
    ends: { 2: 'Done', 5: 'Done' },
    modes: { shop: 'maintenance-allowlist' },
    people: { 2: MANAGER, 5: DUTY },
    leastCalls: 30,
  },
  'testers are shut out again': {
    async prepare(sheet, servers) {
      await letTesterIn(sheet, servers);
      servers.clock.now = Date.parse(at(18));
    },
    play: (sheet) => sheet.person('7', 'Go', DUTY),
    ends: { 2: 'Done', 5: 'Done', 7: 'Done' },
    modes: { shop: 'maintenance' },
    people: { 2: MANAGER, 5: MANAGER, 7: DUTY },
    leastCalls: 25,
  },
  'Do now closes a service, asked twice as it is off plan': {
    async play(sheet) {
      await sheet.pick('payments', ENTER);
      await sheet.pick('payments', ENTER);
    },
    ends: { payments: 'Done' },
    modes: { payments: 'maintenance' },
    people: { Services: MANAGER },
    noted: ['not-run'],
    leastCalls: 30,
  },
  'a sheet with an armed step is retired': {
    prepare: (sheet) => sheet.person('2', 'Scheduled'),
    async play(sheet, { clock }) {
      await sheet.retire(MANAGER);
      clock.now = Date.parse(at(4, 40));
      await sheet.minute();
    },
    ends: {},
    modes: {},
    people: {},
    noted: ['armed', 'disarmed'],
    leastCalls: 8,
  },
  'two rows of one edit, and then two people at once': {
    lines: () => [
      line('1', 'shop', ENTER, at(1)),
      line('3', 'payments', ENTER, at(1)),
      line('4', 'shop', EXIT, at(4)),
      line('6', 'payments', EXIT, at(4)),
      ...night().slice(-1),
    ],
    async play(sheet, { clock }) {
      await sheet.several(['1', '3'], 'Go');
      await sheet.minutes(2);
      clock.now = Date.parse(at(4));
      await Promise.all([sheet.person('4', 'Go', MANAGER), sheet.person('6', 'Go', DUTY)]);
    },
    ends: { 1: 'Done', 3: 'Done', 4: 'Done', 6: 'Done' },
    modes: { shop: 'normal', payments: 'normal' },
    people: { 1: MANAGER, 3: MANAGER, 4: MANAGER, 6: DUTY },
    leastCalls: 80,
  },
  'the list of testers changes while they are in': {
    prepare: letTesterIn,
    async play(sheet) {
      sheet.allowlist.splice(0);
      sheet.letIn({ address: LATER_TESTER, who: 'Ben', until: { text: '' }, services: 'shop' });
      // Done already: they are asked whether they mean it.
      await sheet.person('5', 'Go', DUTY);
      await sheet.person('5', 'Go', DUTY);
    },
    ends: { 2: 'Done', 5: 'Done' },
    modes: { shop: 'maintenance-allowlist' },
    people: { 2: MANAGER, 5: `${MANAGER} ${DUTY}` },
    testers: [LATER_TESTER],
    noted: ['not-run'],
    leastCalls: 40,
  },
  'another sheet holds the service, and its step is taken over': {
    others: () => [line('21', 'shop', EXIT, at(1))],
    prepare: (sheet) => sheet.person('2', 'Go'),
    async play(_sheet, _servers, other) {
      await other.person('21', 'Go', DUTY);
      await other.person('21', 'Go', DUTY);
    },
    ends: { 2: 'Done', 21: 'Done' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, 21: DUTY },
    leastCalls: 40,
  },
};
