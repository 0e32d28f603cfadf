import { operate } from '../../../../lambda/src/operate/operate.ts';
import { type ReconcileDependencies, reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { putSchedule } from '../../../../lambda/src/schedule/put-schedule.ts';
import { directContent } from '../../../../ops/direct-write.ts';
import { createHouse, type House, NOW, OPERATOR, PAGES, requestOf, type ServiceInput } from '../../../builders.ts';

/**
 * What happens besides operations, cut before each call that it makes. What follows (the ticks; the sheet that sends its
 * schedule again) must bring the rules to what is wanted, write it into the audit once, and tell it at least once.
 */

const PLACE = { service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const TARGET: ServiceInput['targets'][number] = {
  scope: 'REGIONAL',
  region: 'eu-west-1',
  verification: { urls: ['https://shop.example.com/'] },
};
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

interface Scenario {
  prepare(house: House): Promise<unknown>;
  /** What is cut. */
  run(house: House, deps: ReconcileDependencies): Promise<unknown>;
  /** Of the audit's entries besides operations by the sheet, and of the subjects that were told. */
  readonly audited: string;
  readonly told?: string;
  readonly rules: string;
}

const close = (house: House) => operate(house.deps, requestOf({ plannedEnd: at(600) }));
const tick = async (house: House, deps: ReconcileDependencies = house.deps) => {
  house.clock.now += 60_000;
  const failed = (await reconcile(deps)).find(({ did }) => did === 'failed');
  if (failed) throw new Error(failed.said);
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a repair': {
    async prepare(house) {
      await close(house);
      const group = await house.ruleGroups.read(PLACE);
      const { VisibilityConfig } = group.value;
      await house.ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
    },
    run: tick,
    audited: 'repair',
    told: 'put back',
    rules: 'r1 maintenance',
  },
  'an end on the allowlist': {
    async prepare(house) {
      await close(house);
      const allowlist = [{ range: '198.51.100.7/32', who: 'Ana', until: at(5) }];
      await operate(house.deps, requestOf({ action: 'enable-allowlist', allowlist }));
      house.clock.now = NOW + 5 * 60_000;
    },
    run: tick,
    audited: 'expiry',
    rules: 'r2 maintenance-allowlist',
  },
  'a direct write': {
    async prepare(house) {
      await close(house);
      const [service] = house.deps.config.services;
      const [target] = service?.targets ?? [];
      if (!service || !target) throw new Error('the test names no target');
      const more = {
        action: 'exit' as const,
        pages: PAGES,
        retryAfterSeconds: 600,
        actor: 'arn:aws:iam::111122223333:user/alex',
      };
      const content = directContent({ service, at: house.clock.now + 30_000, ...more }, target);
      await house.ruleGroups.write(PLACE, await house.ruleGroups.read(PLACE), content);
    },
    run: tick,
    audited: 'operation',
    told: 'directly',
    rules: 'r2 normal',
  },
  'an end that moves': {
    prepare: close,
    run: (_house, deps) =>
      putSchedule(deps, { spreadsheetId: 'sheet-1', steps: [], ends: [{ service: 'shop', plannedEnd: at(900) }] }),
    audited: 'replan',
    rules: new Date(at(900)).toUTCString(),
  },
};

/** Dies before the k-th call of all that leave the execution; what is under way beside it is never answered. */
function mortal(house: House, k: number) {
  let calls = 0;
  let die = () => {};
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  const cut = <T extends object>(door: T): T =>
    Object.fromEntries(
      Object.entries(door).map(([name, call]) => [
        name,
        async (...args: unknown[]) => {
          calls += 1;
          if (calls === k) {
            die();
            throw new Error('died');
          }
          if (calls > k) return new Promise(() => undefined);
          return (call as (...args: unknown[]) => unknown)(...args);
        },
      ]),
    ) as T;
  const { notify } = cut({ notify: house.deps.notify });
  const deps = { ...house.deps, notify, store: cut(house.store), ruleGroups: cut(house.ruleGroups) };
  return { deps, death, wasCut: () => calls >= k };
}

it.each(Object.entries(SCENARIOS))(
  '%s ends well wherever it is cut',
  async (_name, scenario) => {
    const endings: string[] = [];
    for (let k = 1; ; k += 1) {
      const house = await createHouse({ service: { targets: [TARGET] } });
      try {
        await scenario.prepare(house);
        const { deps, death, wasCut } = mortal(house, k);
        await Promise.race([scenario.run(house, deps).catch(() => undefined), death]);
        if (!wasCut()) break;
        await scenario.run(house, house.deps);
        await tick(house);
        endings.push(`before ${k}: ${await endingOf(house, scenario)}`);
      } finally {
        await house.close();
      }
    }
    expect(endings.filter((ending) => !ending.endsWith('well'))).toEqual([]);
    expect(endings.length).toBeGreaterThan(8);
  },
  60_000,
);

async function endingOf(house: House, { audited, told, rules }: Scenario): Promise<string> {
  const content = JSON.stringify((await house.ruleGroups.read(PLACE)).value);
  if (!content.includes(rules)) return `rules ${content.slice(0, 400)}`;
  const entries = (await house.store.audit('shop', '', 100)).filter(
    ({ by, kind }) => by !== OPERATOR && kind === audited,
  );
  if (entries.length !== 1) return `${entries.length} audit entries`;
  const subjects = house.notices.map(({ subject }) => subject);
  if (told && !subjects.some((subject) => subject.includes(told))) return `told ${subjects}`;
  return 'well';
}
