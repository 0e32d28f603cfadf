import type { Notice } from '../../../../lambda/src/model/ports.ts';
import { createNotifyBoth } from '../../../../lambda/src/notify/both.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { remind } from '../../../../lambda/src/reconcile/remind.ts';
import { createTestEnvironment, NOW, OPERATOR, type TestEnvironment } from '../../../builders.ts';

/** E-mail before a service closes by itself. */

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment();
});
afterEach(() => env.close());

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const arm = async (plannedStart: string, more: object = {}) => {
  const operationId = 'production-0000000a';
  const step = {
    operationId,
    step: '2',
    service: 'shop',
    action: 'enter',
    requestedBy: OPERATOR,
    plannedStart,
    ...more,
  };
  const sheet = { spreadsheetId: 'sheet-1', name: 'Release 42', heardAt: at(0), hasIntents: false, armed: [step] };
  await env.table.commit([{ put: { pk: 'WAITING', sk: 'sheet-1', ...sheet }, label: 'waiting' }]);
};
const tick = (reminders: object = {}, deps: object = {}) => {
  const config = { ...env.deps.config, reminders: { digestHours: 8, minutes: 60, byEmail: true, ...reminders } };
  return remind({ ...env.deps, config, ...deps });
};

it('says what closes, when, by whose step, and how to stop it, once', async () => {
  await arm(at(60));
  await tick();
  await tick();
  expect(env.notices).toEqual([
    {
      subject: '[production] Shop closes at 2026-11-22 03:00:00 UTC',
      message: expect.stringContaining('set the step back to Planned'),
      isMailOnly: true,
    },
  ]);
  expect(env.notices[0]?.message).toContain(`step 2 of Release 42 is armed, and runs by itself`);
  expect(env.notices[0]?.message).toContain(`armed by ${OPERATOR}`);
});

it('says so again of a step that was moved', async () => {
  await arm(at(30));
  await tick();
  await arm(at(45));
  await tick();
  expect(env.notices).toHaveLength(2);
});

it.each<[string, string, object, object]>([
  ['the config does not say so', at(30), {}, { byEmail: false }],
  ['it is further off than the config says', at(31), {}, { minutes: 30 }],
  ['the config says never', at(1), {}, { minutes: 0 }],
  ['its time is past', at(0), {}, {}],
  ['the step opens', at(30), { action: 'exit' }, {}],
  ['the step is of another environment', at(30), { service: 'shop-staging' }, {}],
])('is not sent when %s', async (_when, plannedStart, step, reminders) => {
  await arm(plannedStart, step);
  await tick(reminders);
  expect(env.notices).toEqual([]);
});

it('that could not be sent is sent the next minute', async () => {
  await arm(at(30));
  const notify = async () => {
    throw new Error('SNS is away');
  };
  await expect(tick({}, { notify })).rejects.toThrow('SNS is away');
  await tick();
  expect(env.notices).toHaveLength(1);
});

it('is looked for every minute', async () => {
  await arm(at(30));
  const config = { ...env.deps.config, reminders: { digestHours: 8, minutes: 60, byEmail: true } };
  await reconcile({ ...env.deps, config });
  expect(env.notices.map(({ subject }) => subject)).toEqual([expect.stringContaining('Shop closes at')]);
});

it('goes by e-mail alone: the channel has its own', async () => {
  const [kept, sent]: [Notice[], Notice[]] = [[], []];
  const put = (place: Notice[]) => async (notice: Notice) => void place.push(notice);
  const notice = { subject: 'Shop closes', message: 'It is armed.' };
  await createNotifyBoth(put(kept), put(sent))({ ...notice, isMailOnly: true });
  expect([kept.length, sent.length]).toEqual([0, 1]);
  await createNotifyBoth(put(kept), put(sent))(notice);
  await createNotifyBoth(undefined, put(sent))(notice);
  expect([kept.length, sent.length]).toEqual([1, 3]);
});
