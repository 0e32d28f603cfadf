import { readFile } from 'node:fs/promises';
import { targetName } from '../../config/names.ts';
import type { EnvironmentConfig, ServiceConfig } from '../../config/schema.ts';
import type { Action } from '../../contract/modes.ts';
import { operate } from '../../lambda/src/operate/operate.ts';
import type { Observation } from '../../lambda/src/proof/evidence.ts';
import { type VerifyDependencies, verify } from '../../lambda/src/proof/verify.ts';
import { createStore } from '../../lambda/src/store/store.ts';
import { createTable } from '../../lambda/src/store/table.ts';
import { createRuleGroupStore } from '../../lambda/src/waf/rule-groups.ts';
import type { Pages } from '../../lambda/src/waf/rules/pages.ts';
import { ruleGroupName } from '../../lambda/src/waf/rules/rules.ts';
import { accountOf, HOME_REGION } from '../../local/accounts.ts';
import { createClock } from '../../local/clock.ts';
import { createTable as createLocalTable, startDynamodb } from '../../local/dynamodb/start.ts';
import { localConfig } from '../../local/local-config.ts';
import { provision } from '../../local/provision.ts';
import { siteWebAcl } from '../../local/site/web-acl.ts';
import { evaluate } from '../../local/waf/evaluate.ts';
import type { Place } from '../../local/waf/items.ts';
import { startWaf } from '../../local/waf/start.ts';
import { seeded } from '../deployment/seeded.ts';
import { AXIS, LEGEND } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { seconds } from '../report/table.ts';

/**
 * `npm run bench -- closings [how many]`: the product's own operate and verify, with the local settings, over the local WAF,
 * its propagation of some seconds, and a clock that waits at once. When Done is said, the site is asked 200 times.
 */

const CLOSINGS = 50;
const ASKED_AFTER_DONE = 200;
const ENVIRONMENT = 'production';
const SERVICE = 'shop';
const BETWEEN_MS = 10_000;
const LONGEST_MS = 120_000;

export async function benchClosings(count = CLOSINGS): Promise<string> {
  const clock = createClock();
  const waf = await startWaf({ clock, random: seeded(1) });
  const dynamodb = await startDynamodb({ clock });
  try {
    const world = await worldOf(clock, waf, dynamodb.url);
    const done: Record<'enter' | 'exit', Outcome[]> = { enter: [], exit: [] };
    for (let closing = 0; closing < count; closing += 1) {
      for (const action of ['enter', 'exit'] as const) {
        done[action].push(await run(world, action, `bench-${action}-${closing}`));
        clock.moveTo(clock.now() + BETWEEN_MS);
      }
    }
    return report(done, count);
  } finally {
    await Promise.all([waf.close(), dynamodb.close()]);
  }
}

function report(done: Readonly<Record<'enter' | 'exit', Outcome[]>>, count: number): string {
  const found = Object.entries(done).map(([action, outcomes]) => {
    const waits = outcomes.map(({ waitedMs }) => waitedMs).sort((one, other) => one - other);
    const [half = 0, most = 0] = [0.5, 0.95].map((part) => waits[Math.floor(waits.length * part)] ?? 0);
    return { action, done: outcomes.length, wrong: outcomes.filter(({ old }) => old > 0).length, half, most };
  });
  const bars = (['half', 'most'] as const).map((key) => ({
    type: 'bar' as const,
    name: key === 'half' ? 'half of them' : '95 % of them',
    label: { show: true, position: 'right' as const, formatter: '{c} s', fontSize: 12 },
    data: found.map((one) => Number((one[key] / 1_000).toFixed(2))),
  }));
  return writeResult('closings', {
    title: 'How long until Done is said, and whether it was true',
    subtitle: `${count} closings and openings with the product’s own code over the local WAF, which spreads a change over 1 to 4 s`,
    command: `npm run bench -- closings ${count}`,
    isDeterministic: false,
    table: {
      headers: ['local', 'Done', 'of these false', 'median wait', '95 %'],
      rows: found.map((one) => [one.action, `${one.done}`, `${one.wrong}`, seconds(one.half), seconds(one.most)]),
    },
    notes: [`After each Done the site is asked ${ASKED_AFTER_DONE} times; one old answer makes it false.`],
    data: found,
    chart: {
      description: found
        .map(
          ({ action, wrong, done: all, half }) => `${action}: ${wrong} of ${all} false, median wait ${seconds(half)}.`,
        )
        .join(' '),
      height: 300,
      option: {
        legend: LEGEND,
        grid: { left: 200, right: 80, top: 100, bottom: 40 },
        xAxis: { ...AXIS, type: 'value', axisLabel: { ...AXIS.axisLabel, formatter: '{value} s' } },
        yAxis: {
          ...{ ...AXIS, type: 'category', inverse: true, axisTick: { show: false } },
          data: found.map(({ action, wrong, done: all }) => `${action}: ${wrong} of ${all} false`),
        },
        series: bars,
      },
    },
  });
}

interface Outcome {
  /** From WAF's answer until Done. */
  readonly waitedMs: number;
  /** How many of the requests right after Done met what was before. */
  readonly old: number;
}

type World = Awaited<ReturnType<typeof worldOf>>;

async function worldOf(clock: ReturnType<typeof createClock>, waf: Awaited<ReturnType<typeof startWaf>>, url: string) {
  const account = accountOf(ENVIRONMENT);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_WAFV2: waf.url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_REGION: HOME_REGION,
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const committed = JSON.parse(await readFile(new URL('../local/config.json', import.meta.url), 'utf8'));
  const config = localConfig(committed.config).environments[ENVIRONMENT] as EnvironmentConfig;
  const service = config.services.find(({ name }) => name === SERVICE) as ServiceConfig;
  await createLocalTable(url, account.tableName);
  await provision(account, { ...config, services: [service] }, { url: waf.url }, clock);
  const random = seeded(2);
  const time = {
    now: clock.now,
    sleep: async (ms: number) => clock.moveTo(clock.now() + ms),
  };
  const places = new Map(
    service.targets.flatMap((target) => {
      const { scope, region, verification } = target;
      const place: Place = { account: account.accountId, region, scope };
      return verification === 'none'
        ? []
        : verification.urls.map((one) => [one, { place, target: targetName(target) }]);
    }),
  );
  /** By rules: what they answer is the same for every probe, and takes long to find. */
  const known = new WeakMap<object, Observation>();
  /** As its site answers at that target. */
  const visit = (to: Place): Observation => {
    const group = waf.dataPlane.ruleGroup(to, ruleGroupName({ environment: ENVIRONMENT, service: SERVICE }));
    const answer = group && known.get(group.rules);
    if (answer) return answer;
    const request = {
      method: 'GET',
      path: '/',
      query: '',
      headers: { accept: ['text/html'] },
      sourceIp: '198.51.100.1',
    };
    const { response } = evaluate(siteWebAcl(account.accountId, group ? [group] : []), request, {
      ruleGroup: () => group,
      ipSet: () => undefined,
    });
    const maintenanceMode = response?.headers['x-maintenance-mode'];
    const seen = {
      kind: 'answered' as const,
      status: response?.status ?? 200,
      ...(maintenanceMode ? { maintenanceMode } : {}),
    };
    if (group) known.set(group.rules, seen);
    return seen;
  };
  const deps: VerifyDependencies = {
    ...time,
    config,
    pages: committed.pages as Pages,
    random,
    region: HOME_REGION,
    log: () => undefined,
    store: createStore(createTable(account.tableName, { ...time, random })),
    ruleGroups: createRuleGroupStore(time),
    probe: async (asked) => visit((places.get(asked) as { place: Place }).place),
  };
  return {
    clock,
    deps,
    service,
    visit,
    places: [...new Map([...places.values()].map((one) => [one.target, one.place])).values()],
  };
}

async function run(
  { clock, deps, service, visit, places }: World,
  action: Action,
  operationId: string,
): Promise<Outcome> {
  const taken = await operate(deps, {
    operationId,
    service: SERVICE,
    action,
    requestedBy: deps.config.operators[0] as string,
    requestedAt: new Date(clock.now()).toISOString(),
    source: { kind: 'break-glass' },
  });
  const from = clock.now();
  while (clock.now() - from < LONGEST_MS) {
    const { proof } = await verify(deps, service);
    if (proof.state === 'verified') {
      const seen = Array.from({ length: ASKED_AFTER_DONE }, (_one, at) => visit(places[at % places.length] as Place));
      const isOld = ({ status }: { status: number }) => (action === 'enter' ? status !== 503 : status !== 200);
      return { waitedMs: clock.now() - from, old: seen.filter((one) => one.kind === 'unknown' || isOld(one)).length };
    }
    clock.moveTo(clock.now() + 250);
  }
  throw new Error(`${action} is ${taken.state}, and was not proven within ${seconds(LONGEST_MS)}.`);
}
