import { admit, placeObjection, type SlackUser } from '../../../../lambda/src/slack/admission.ts';

const slack = {
  appId: 'A0123456789',
  workspaces: ['T0123456789'],
  channels: ['C0123456789'],
  command: '/drawbridge',
};
const asking = {
  appId: 'A0123456789',
  workspace: 'T0123456789',
  channel: 'C0123456789',
  userId: 'U0RELEASE',
  triggerId: '1.2.3',
};

it.each([
  ['where the config says', {}, {}, undefined],
  ['another app', {}, { appId: 'A0OTHER' }, 'another Slack app'],
  ['another workspace', {}, { workspace: 'T0OTHER' }, 'This workspace'],
  ['no workspace at all', {}, { workspace: '' }, 'This workspace'],
  ['another channel', {}, { channel: 'C0OTHER' }, 'Ask in <#C0123456789>'],
  ['a direct message', {}, { channel: 'D0123456789' }, 'Ask in <#C0123456789>'],
  ['its own organisation', { enterprise: 'E0123456789' }, { enterprise: 'E0123456789' }, undefined],
  ['another organisation', { enterprise: 'E0123456789' }, { enterprise: 'E0OTHER' }, 'This workspace'],
  ['no organisation, where one is named', { enterprise: 'E0123456789' }, {}, 'This workspace'],
])('of a request from %s', (_what, config, more, expected) => {
  const objection = placeObjection({ ...slack, ...config }, { ...asking, ...more });
  if (expected === undefined) expect(objection).toBeUndefined();
  else expect(objection).toContain(expected);
});

const member: SlackUser = {
  id: 'U0RELEASE',
  team_id: 'T0123456789',
  is_email_confirmed: true,
  profile: { email: 'Release.Manager@example.com' },
};

it('knows a member by the address that Slack tells, in lower case', () => {
  expect(admit(slack, member)).toEqual({ email: 'release.manager@example.com' });
});

it.each([
  ['a guest', { is_restricted: true }, 'Guests'],
  ['a guest of one channel', { is_restricted: true, is_ultra_restricted: true }, 'Guests'],
  ['somebody who was invited and has not come', { is_invited_user: true }, 'Guests'],
  ['a bot', { is_bot: true }, 'Bots'],
  ['a bot that is none on paper', { profile: { email: 'a@example.com', bot_id: 'B0123' } }, 'Bots'],
  ['a workflow', { is_workflow_bot: true }, 'Bots'],
  ['an app’s user', { is_app_user: true }, 'Bots'],
  ['who left', { deleted: true }, 'deactivated'],
  ['another company’s member, in a shared channel', { is_stranger: true }, 'our own workspace'],
  ['a member of another workspace', { team_id: 'T0OTHER' }, 'our own workspace'],
  ['nobody’s member', { team_id: undefined }, 'our own workspace'],
  ['who shares no address', { profile: {} }, 'users:read.email'],
  ['who has no profile', { profile: undefined }, 'users:read.email'],
  ['whose address nobody has confirmed', { is_email_confirmed: false }, 'not confirmed'],
])('lets nobody in who is %s', (_what, more, expected) => {
  expect(admit(slack, { ...member, ...more } as SlackUser)).toEqual({ objection: expect.stringContaining(expected) });
});

it('knows a member of an organisation by the workspaces that they are in', () => {
  const user = { ...member, team_id: 'E0123456789' };
  const grid = { ...slack, enterprise: 'E0123456789' };
  const of = (enterprise_id: string, teams: string[]) =>
    admit(grid, { ...user, enterprise_user: { enterprise_id, teams } });
  expect(of('E0123456789', ['T0OTHER', 'T0123456789'])).toHaveProperty('email');
  expect(of('E0123456789', ['T0OTHER'])).toHaveProperty('objection');
  expect(of('E0OTHER', ['T0123456789'])).toHaveProperty('objection');
});
