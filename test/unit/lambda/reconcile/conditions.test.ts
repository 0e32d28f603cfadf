import type { ServiceConfig } from '../../../../config/schema.ts';
import type { Drift } from '../../../../contract/services.ts';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { conditionsOf } from '../../../../lambda/src/reconcile/conditions.ts';
import { deliverWaiting } from '../../../../lambda/src/reconcile/deliver.ts';
import { readsOf } from '../../../../lambda/src/reconcile/reconcile-service.ts';
import { reportSilentSheets } from '../../../../lambda/src/reconcile/silent-sheets.ts';
import { requestOf } from '../../../builders.ts';
import { createWorld } from '../rundown/terminal.ts';

/** What needs a person, and under which name it is counted: an alarm watches each. */

const [HERE, THERE] = ['REGIONAL/eu-west-1', 'CLOUDFRONT/us-east-1'];
const world = createWorld();
const shop = world.deps.config.services[0] as ServiceConfig;
const AT = new Date(world.clock.now).toISOString();
const later = (minutes: number) => world.clock.now + minutes * 60_000;
const closed: ServiceState = { ...NEVER_OPERATED, mode: 'maintenance', since: AT, revision: 1 };
const drift = (state: Drift['state'], target = HERE as string): Drift => ({ target, state, at: AT, revision: 1 });
const found = (state: ServiceState, minutes = 0, isLost = false) =>
  conditionsOf(shop, state, { environment: 'production', now: later(minutes), isLost }).map(
    ({ metric, id, notice }) => ({
      metric,
      id,
      subject: notice.subject,
    }),
  );

it.each([
  ['unrepaired', 'Unrepaired', /Shop/],
  ['gone', 'Gone', /rule group of Shop is gone/],
  ['unreadable', 'Unreadable', /cannot be read/],
  ['bypassed', 'Bypassed', /open to the public/],
  ['contested', 'Contested', /contested/],
] as const)('a target that is %s is counted as %s, each time anew', (state, metric, subject) => {
  expect(found({ ...closed, drift: [drift(state)] })).toEqual([
    { metric, id: `${state} ${HERE} ${AT}`, subject: expect.stringMatching(subject) },
  ]);
  expect(found({ ...closed, drift: [drift('repaired')] })).toEqual([]);
});

it('several targets are one condition, whose name tells which', () => {
  const both = [drift('gone'), drift('gone', THERE)];
  expect(found({ ...closed, drift: both }).map(({ id }) => id)).toEqual([`gone ${HERE} ${AT} ${THERE} ${AT}`]);
});

it('a closed service that the config has lost needs somebody; an open one does not', () => {
  expect(found(closed, 0, true)).toMatchObject([{ metric: 'Orphaned', id: `orphaned ${AT}` }]);
  expect(found({ ...closed, mode: 'normal' }, 0, true)).toEqual([]);
});

it('its planned end is told from that very moment, while it is closed', () => {
  const state = { ...closed, plannedEnd: new Date(later(5)).toISOString() };
  expect([4, 5].map((minutes) => found(state, minutes).map(({ metric }) => metric))).toEqual([[], ['Overdue']]);
  expect(found({ ...state, mode: 'normal' }, 6)).toEqual([]);
});

it('is unproven after five minutes: not taken, or taken and not proven; what is contested is told as that', async () => {
  await operate(world.deps, requestOf());
  const state = await world.deps.store.state('shop');
  const age = (Date.parse(state.operation?.committedAt ?? '') - world.clock.now) / 60_000;
  const after = (minutes: number, more: Partial<ServiceState> = {}) =>
    found({ ...state, ...more }, age + minutes).map(({ metric }) => metric);
  expect([after(4.9), after(5)]).toEqual([[], ['Unproven']]);
  expect(after(5, { proof: { ...state.proof, state: 'verified' } })).toEqual([]);
  expect(after(5, { proof: { ...state.proof, state: 'none' } })).toEqual([]);
  const pending = state.targets.map((target) => ({ ...target, state: 'pending' as const }));
  expect(after(5, { proof: { ...state.proof, state: 'none' }, targets: pending })).toEqual(['Unproven']);
  expect(after(5, { drift: [drift('contested')] })).toEqual(['Contested']);
  expect(after(5, { drift: [drift('repaired')] })).toEqual(['Unproven']);
});

it('of what is delivered only missed steps are counted as missed, and each is sent before it is forgotten', async () => {
  const done: string[] = [];
  const waiting = (['missed', 'repaired', 'missed'] as const).map((kind, at) => ({
    ...{ id: `notice-${at}`, kind, notice: { subject: `subject ${at}`, message: '' } },
  }));
  const counts = await deliverWaiting({
    store: { notices: async () => waiting, removeNotice: async (id) => void done.push(id) },
    notify: async ({ subject }) => void done.push(subject),
  });
  expect(counts).toEqual({ MissedStep: 2 });
  expect(done).toEqual(['subject 0', 'notice-0', 'subject 1', 'notice-1', 'subject 2', 'notice-2']);
});

it('a sheet in which nothing is armed may be silent for as long as it likes', async () => {
  const subjects: string[] = [];
  const sheet = { spreadsheetId: 'sheet-1', name: 'Release 42', heardAt: AT, armed: [], hasIntents: true };
  const rundowns = { ...world.deps.rundowns, waiting: async () => [sheet], toldSilentAfter: async () => new Map() };
  const notify = async ({ subject }: { subject: string }) => void subjects.push(subject);
  const deps = { environment: 'production', rundowns, notify, now: () => later(24 * 60) };
  expect(await reportSilentSheets(deps)).toEqual({ TicksStopped: 0 });
  expect(subjects).toEqual([]);
});

it('who is let in is read from two sets, at the pace that WAF allows', () => {
  expect(
    (['normal', 'maintenance', 'maintenance-allowlist'] as const).map((mode) => readsOf({ ...closed, mode })),
  ).toEqual([...[1, 1, 2]]);
});
