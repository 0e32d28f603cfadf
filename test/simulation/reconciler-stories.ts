import { at, DUTY, MANAGER } from '../unit/lambda/rundown/terminal.ts';
import { ALEX } from './servers.ts';
import { LATER_TESTER, type Stories, TESTER } from './story.ts';

/** What the reconciler finds: rules that others changed, testers whose time is over, what the config has lost. */
export const RECONCILER_STORIES: Stories = {
  'an emptied group is repaired': {
    async prepare(sheet) {
      await sheet.person('2', 'Go');
      await sheet.minute();
    },
    play(sheet, { waf }) {
      waf.empty('shop');
      return sheet.minute();
    },
    ends: { 2: 'Done' },
    modes: { shop: 'maintenance' },
    people: { 2: MANAGER },
    told: 'put back',
    noted: ['repair'],
    leastCalls: 15,
  },
  'an armed step that nobody could fire is told to people': {
    async prepare(sheet, { clock }) {
      await sheet.person('2', 'Scheduled');
      clock.now = Date.parse(at(15, 30));
    },
    async play(_sheet, servers) {
      await servers.minute();
    },
    ends: { 2: 'Failed' },
    modes: {},
    people: {},
    told: 'Missed',
    noted: ['armed', 'disarmed'],
    leastCalls: 10,
  },
  'rules that somebody keeps taking out are contested': {
    async prepare(sheet) {
      await sheet.person('2', 'Go');
      await sheet.minute();
    },
    async play(sheet, { waf }) {
      for (let times = 0; times < 5; times += 1) {
        waf.empty('shop');
        await sheet.minute();
      }
    },
    ends: { 2: 'Unproven' },
    modes: { shop: 'maintenance' },
    contested: 'shop',
    people: { 2: MANAGER },
    told: 'contested',
    leastCalls: 30,
  },
  'an opening past the API is adopted': {
    async prepare(sheet) {
      await sheet.person('2', 'Go');
      await sheet.minute();
    },
    async play(sheet, servers) {
      servers.writePast('shop', 'exit');
      await sheet.minute();
    },
    ends: { 2: 'Done' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, '': ALEX },
    told: 'directly',
    leastCalls: 15,
  },
  'a closing past the API is adopted': {
    prepare: (sheet) => sheet.person('2', 'Go'),
    async play(sheet, servers) {
      servers.writePast('payments', 'enter');
      // Until it is the turn of an open service.
      await sheet.minutes(8);
    },
    settlesInMinutes: 12,
    ends: { 2: 'Done' },
    modes: { shop: 'maintenance', payments: 'maintenance' },
    people: { 2: MANAGER, '': ALEX },
    told: 'directly',
    leastCalls: 15,
  },
  'a service that the config lost while it was closed is told, and opened': {
    async prepare(sheet, servers) {
      await sheet.person('2', 'Go');
      await sheet.minute();
      servers.lose('shop');
    },
    async play(sheet) {
      await sheet.minutes(2);
      await sheet.person('8', 'Go', DUTY);
    },
    ends: { 2: 'Done', 8: 'Done' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, 8: DUTY },
    told: 'no longer in the config',
    leastCalls: 40,
  },
  'a tester whose time is over is shut out': {
    async prepare(sheet, { clock }) {
      sheet.letIn(
        { address: TESTER, who: 'Ana', until: { text: '02:10', at: at(10) }, services: '' },
        { address: LATER_TESTER, who: 'Ben', until: { text: '' }, services: '' },
      );
      await sheet.person('2', 'Go');
      await sheet.tick();
      clock.now = Date.parse(at(8));
      await sheet.person('5', 'Go');
      await sheet.tick();
    },
    async play(sheet, { clock }) {
      clock.now = Date.parse(at(10, 5));
      await sheet.minute();
    },
    ends: { 2: 'Done', 5: 'Done' },
    modes: { shop: 'maintenance-allowlist' },
    people: { 2: MANAGER, 5: MANAGER },
    testers: [LATER_TESTER],
    noted: ['expiry'],
    leastCalls: 15,
  },
};
