import { operate } from '../../../../lambda/src/operate/operate.ts';
import { verify } from '../../../../lambda/src/proof/verify.ts';
import { type ReconcileDependencies, reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { movePlannedEnds } from '../../../../lambda/src/rundown/planned-end.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import { directContent } from '../../../../ops/direct-write.ts';
import { requestOf } from '../../../builders.ts';
import { at, createWorld, MANAGER, MINUTE_MS, type World } from '../rundown/terminal.ts';

/**
 * Every execution cut before and after each call that it makes to the table, to WAF and to the topic. What follows (the
 * same request again, or the next ticks) must bring the rules to what is wanted, write it into the audit once, and tell it
 * at least once; and nothing is proven that is not so.
 */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const OURS = { spreadsheetId: 'sheet-1' };

interface Scenario {
  prepare(world: World): Promise<unknown>;
  /** What is cut; it is run once more, unless only the ticks can finish it. */
  run(world: World, deps: ReconcileDependencies): Promise<unknown>;
  readonly isResent: boolean;
  /** The one entry of the audit that it leaves: kind, who, state. */
  readonly audited: readonly [kind: string, by: string, state?: string];
  readonly told?: string;
  readonly rules: string;
  readonly leastCalls: number;
}

const request = (world: World, more: Parameters<typeof requestOf>[0] = {}) =>
  requestOf({ requestedAt: new Date(world.clock.now).toISOString(), ...more });
const close = (world: World) => operate(world.deps, request(world, { plannedEnd: at(600) }));
const depsOf = (world: World): ReconcileDependencies => ({
  ...world.deps,
  notify: async (notice) => void world.notices.push(notice),
  measure: () => {},
});
const tick = async (world: World, deps = depsOf(world)) => {
  world.clock.now += MINUTE_MS;
  const failed = (await reconcile(deps)).find(({ did }) => did === 'failed');
  if (failed) throw new Error(failed.said);
};
const shopOf = ({ deps }: World) => {
  const [service] = deps.config.services;
  const [target] = service?.targets ?? [];
  if (!service || !target) throw new Error('the config names no target');
  return { service, target };
};
async function emptyRules({ ruleGroups }: World) {
  const group = await ruleGroups.read(PLACE);
  await ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [] } as never);
}
/** One request for each world, so that a resend is the same. */
const asked = new WeakMap<World, ReturnType<typeof requestOf>>();
const sameRequest = (world: World, more: Parameters<typeof requestOf>[0] = {}) => {
  const known = asked.get(world) ?? request(world, more);
  asked.set(world, known);
  return known;
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'an operation and its proof': {
    async prepare() {},
    async run(world, deps) {
      await operate(deps, sameRequest(world));
      await verify(deps, shopOf(world).service);
      world.clock.now += 11_000;
      await verify(deps, shopOf(world).service);
    },
    isResent: true,
    audited: ['operation', MANAGER, 'verified'],
    rules: 'r1 maintenance',
    leastCalls: 15,
  },
  'a refusal': {
    prepare: close,
    run: (world, deps) =>
      operate(deps, sameRequest(world, { requestedBy: 'intern@example.com' })).catch((error: Error) => {
        if (error.name !== 'ProblemError') throw error;
      }),
    isResent: true,
    audited: ['operation', 'intern@example.com', 'refused'],
    rules: 'r1 maintenance',
    leastCalls: 3,
  },
  'an exit': {
    prepare: close,
    run: (world, deps) =>
      operate(deps, sameRequest(world, { action: 'exit', requestedBy: 'duty.manager@example.com' })),
    isResent: true,
    audited: ['operation', 'duty.manager@example.com', 'verified'],
    rules: 'r2 normal',
    leastCalls: 8,
  },
  'a repair': {
    async prepare(world) {
      await close(world);
      await emptyRules(world);
    },
    run: tick,
    isResent: false,
    audited: ['repair', 'reconciler'],
    told: 'put back',
    rules: 'r1 maintenance',
    leastCalls: 8,
  },
  'an end on the allowlist': {
    async prepare(world) {
      await close(world);
      const allowlist = [{ range: '198.51.100.7/32', who: 'Ana', until: at(5) }];
      await operate(world.deps, request(world, { action: 'enable-allowlist', allowlist }));
      world.clock.now = Date.parse(at(5));
    },
    run: tick,
    isResent: false,
    audited: ['expiry', 'reconciler'],
    rules: 'r2 maintenance-allowlist',
    leastCalls: 8,
  },
  'a direct write': {
    async prepare(world) {
      await close(world);
      const { service, target } = shopOf(world);
      const { pages } = world.deps;
      const actor = 'arn:aws:iam::111122223333:user/alex';
      const wish = { service, action: 'exit' as const, pages, retryAfterSeconds: 600, actor };
      const content = directContent({ ...wish, at: world.clock.now + 30_000 }, target);
      await world.ruleGroups.write(PLACE, await world.ruleGroups.read(PLACE), content);
    },
    run: tick,
    isResent: false,
    audited: ['operation', 'arn:aws:iam::111122223333:user/alex', 'verified'],
    told: 'directly',
    rules: 'r2 normal',
    leastCalls: 8,
  },
  'an end that moves': {
    prepare: close,
    run: (_world, deps) =>
      movePlannedEnds(deps, { ...OURS, ends: [{ service: 'shop', plannedEnd: at(900), by: MANAGER }] }),
    isResent: true,
    audited: ['replan', MANAGER],
    rules: new Date(at(900)).toUTCString(),
    leastCalls: 5,
  },
};

/** Dies before or after the k-th call of all that leave the execution; what is under way beside it is never answered. */
function mortal(world: World, k: number, side: 'before' | 'after') {
  let calls = 0;
  let die = () => {};
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  const cut = <T extends object>(door: T): T =>
    Object.fromEntries(
      Object.entries(door).map(([name, call]) => [
        name,
        typeof call !== 'function'
          ? call
          : async (...args: unknown[]) => {
              calls += 1;
              const mine = calls;
              if (mine > k) return new Promise(() => undefined);
              if (mine < k) return call(...args);
              if (side === 'after') await call(...args);
              die();
              return new Promise(() => undefined);
            },
      ]),
    ) as T;
  const { table: real, ruleGroups } = world;
  const table = cut({ get: real.get, getAll: real.getAll, query: real.query, commit: real.commit });
  const { read, write, readSet, writeSet } = ruleGroups;
  const { notify } = cut({ notify: depsOf(world).notify });
  const deps: ReconcileDependencies = {
    ...depsOf(world),
    notify,
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups: { ...ruleGroups, ...cut({ read, write, readSet, writeSet }) },
  };
  return { deps, death, wasCut: () => calls >= k };
}

const CASES = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
  (['before', 'after'] as const).map((side) => [name, side, scenario] as const),
);

it.each(CASES)('%s ends well, cut %s any of its calls', async (_name, side, scenario) => {
  const endings: string[] = [];
  for (let k = 1; ; k += 1) {
    const world = createWorld();
    await scenario.prepare(world);
    const { deps, death, wasCut } = mortal(world, k, side);
    await Promise.race([scenario.run(world, deps), death]);
    if (!wasCut()) break;
    if (scenario.isResent) await scenario.run(world, depsOf(world));
    // A lease of a dead execution's probes ends by itself.
    for (let minute = 0; minute < 3; minute += 1) await tick(world);
    endings.push(`${side} ${k}: ${await endingOf(world, scenario)}`);
  }
  expect(endings.filter((ending) => !ending.endsWith('well'))).toEqual([]);
  expect(endings.length).toBeGreaterThanOrEqual(scenario.leastCalls);
});

async function endingOf(world: World, { audited, told, rules }: Scenario): Promise<string> {
  const content = JSON.stringify((await world.ruleGroups.read(PLACE)).value);
  if (!content.includes(rules)) return `rules ${content.slice(0, 400)}`;
  const [wantedKind, wantedBy, wantedState] = audited;
  const all = await world.deps.store.audit('shop', '', 100);
  const entries = all.filter(({ by, kind, operationId }) => {
    const isFirstClose = kind === 'operation' && by === MANAGER && operationId !== asked.get(world)?.operationId;
    return by === wantedBy && kind === wantedKind && !isFirstClose;
  });
  if (entries.length !== 1) return `${entries.length} audit entries`;
  if (entries[0]?.state !== wantedState) return `audited as ${entries[0]?.state}`;
  const { proof, targets } = await world.deps.store.state('shop');
  if (proof.state !== 'verified' || targets.some(({ state }) => state !== 'accepted')) return `proof ${proof.state}`;
  const subjects = world.notices.map(({ subject }) => subject);
  if (told && !subjects.some((subject) => subject.includes(told))) return `told ${subjects}`;
  return 'well';
}
