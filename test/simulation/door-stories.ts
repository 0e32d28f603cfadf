import { DUTY, MANAGER } from '../unit/lambda/rundown/terminal.ts';
import { breakGlass } from './break-glass.ts';
import { ON_CALL } from './servers.ts';
import { pressNotice, wishInSlack } from './slack-person.ts';
import type { Stories } from './story.ts';

/** What is asked through other doors than a release sheet. */
export const DOOR_STORIES: Stories = {
  'the glass is broken, and the service opened again': {
    async play(_sheet, servers) {
      await breakGlass(servers, 'enter', 'shop');
      await breakGlass(servers, 'exit', 'shop');
    },
    ends: {},
    modes: { shop: 'normal' },
    people: { '': ON_CALL },
    leastCalls: 40,
  },
  'the glass is broken for what a sheet has just closed': {
    async play(sheet, servers) {
      await sheet.person('2', 'Go', MANAGER, { isFollowed: false });
      await breakGlass(servers, 'exit', 'shop', { takeOver: true });
    },
    ends: { 2: 'Failed' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, '': ON_CALL },
    leastCalls: 40,
  },
  'a service is closed in Slack': {
    hasSlack: true,
    play: (_sheet, servers) => wishInSlack(servers, 'enter shop', 'U0DUTY'),
    ends: {},
    modes: { shop: 'maintenance' },
    people: { '': DUTY },
    channel: /Shop is closed/,
    leastCalls: 40,
  },
  'a notice in Slack has a button, and that opens what a sheet closed': {
    hasSlack: true,
    async prepare(sheet, { waf }) {
      await sheet.person('2', 'Go');
      await sheet.minute();
      waf.empty('shop');
      await sheet.minute();
    },
    play: (_sheet, servers) => pressNotice(servers, 'open-now', 'U0DUTY'),
    ends: { 2: 'Done' },
    modes: { shop: 'normal' },
    people: { 2: MANAGER, '': DUTY },
    channel: /Shop is open to everyone/,
    noted: ['repair'],
    leastCalls: 40,
  },
};
