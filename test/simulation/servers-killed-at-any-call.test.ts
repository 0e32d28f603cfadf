import type { Mode } from '../../contract/modes.ts';
import { createStore } from '../../lambda/src/store/store.ts';
import { PUBLIC } from '../memory-waf.ts';
import { at, DUTY, type Line, line, MANAGER, night } from '../unit/lambda/rundown/terminal.ts';
import { type Cut, faultsOf, type Made } from './faults.ts';
import { LiveSheet } from './live-sheet.ts';
import { SERVICES, Servers } from './servers.ts';
import { leftOver, unprovenClaims, wantedMode, wrongAudit, wrongPeople, wrongRows } from './truth.ts';

/**
 * Each scenario is played once for each call that API, scheduler and reconciler make in it (to the table, to WAF, to the
 * topic, and each probe) and for each thing that can happen to that call. The script sends again what was not answered, and
 * the next minutes come. Then everything must be as if nothing had happened, and nothing may be said twice or wrongly.
 */

const TESTER = '198.51.100.7';

interface Scenario {
  readonly lines?: () => Line[];
  /** Before anything is cut. */
  prepare?(sheet: LiveSheet, servers: Servers): Promise<unknown>;
  play(sheet: LiveSheet, servers: Servers): Promise<unknown>;
  /** What rows say in the end, by step; of the tab Services, by service. */
  readonly ends: Readonly<Record<string, string>>;
  readonly modes: Readonly<Partial<Record<string, Mode>>>;
  readonly people: Readonly<Record<string, string>>;
  /** People are told of it, at least once. */
  readonly told?: string;
  /** Entries of the audit besides operations: their kinds. */
  readonly noted?: readonly string[];
  readonly leastCalls: number;
}

const ENTER = 'Enter maintenance';

const SCENARIOS: Readonly<Record<string, Scenario>> = {
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
    async prepare(sheet, { clock }) {
      sheet.letIn({ address: TESTER, who: 'Ana', until: { text: '' }, services: '' });
      await sheet.person('2', 'Go');
      await sheet.tick();
      clock.now = Date.parse(at(8));
      await sheet.person('5', 'Go');
      await sheet.tick();
      clock.now = Date.parse(at(18));
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
};

interface Ending {
  /** What is not as it should be. */
  readonly wrong: readonly string[];
  readonly made: readonly Made[];
  timeline(): string[];
}

async function prepared({ lines, prepare }: Scenario): Promise<LiveSheet> {
  const servers = new Servers();
  const sheet = new LiveSheet(servers, lines?.());
  await sheet.tick();
  await prepare?.(sheet, servers);
  return sheet;
}

/** Plays it from where it was prepared, and lets the next minutes come. */
async function ending(scenario: Scenario, from: LiveSheet, cut?: Cut): Promise<Ending> {
  const servers = new Servers(from.servers);
  const sheet = from.over(servers);
  servers.note('--- from here on');
  servers.calls.cut = cut;
  await scenario.play(sheet, servers);
  const { made } = servers.calls;
  servers.calls.made = [];
  servers.calls.cut = undefined;
  // Somebody goes on with their night: nothing of this may be written over.
  sheet.step('9').plannedStart = { text: '2026-11-22 02:50', at: at(50) };
  sheet.step('9').status = 'Skipped';
  await sheet.minutes(2);
  let wrong = await wrongIn(scenario, sheet, servers);
  if (wrong.length > 0) {
    await sheet.minute();
    wrong = await wrongIn(scenario, sheet, servers);
  }
  return { wrong, made, timeline: () => servers.timeline() };
}

async function wrongIn(scenario: Scenario, sheet: LiveSheet, servers: Servers): Promise<string[]> {
  const { table, clock, notices } = servers;
  const items = table.items();
  const picks = sheet.picks.map((one) => ({ step: 'Services', ...one })).filter(({ operation }) => operation !== '');
  const rows = [...sheet.lines, ...picks];
  const saysOf = (key: string) =>
    sheet.lines.find(({ step }) => step === key)?.status ?? sheet.picks.find(({ service }) => service === key)?.status;
  const ends = Object.entries(scenario.ends).flatMap(([key, status]) =>
    saysOf(key) === status ? [] : [`${key} ends ${saysOf(key)}, not ${status}`],
  );
  const other = sheet.step('9');
  const isTheirs = other.status === 'Skipped' && other.plannedStart.at === at(50);
  const found = scenario.told && !notices.some(({ subject }) => subject.includes(scenario.told as string));
  return [
    ...ends,
    ...SERVICES.flatMap((service) => wrongSite(scenario, servers, service)),
    ...wrongRows(items, rows),
    ...leftOver(items, clock.now),
    ...wrongAudit(items),
    ...(await wrongNotes(scenario, servers, sheet.id)),
    ...wrongPeople(items, scenario.people),
    ...unprovenClaims(items, servers.probed),
    ...(isTheirs ? [] : [`step 9 was written over: ${other.status}`]),
    ...(found ? [`nobody was told "${scenario.told}": ${notices.map(({ subject }) => subject)}`] : []),
    ...sheet.falselyDone,
  ];
}

/** What visitors get, wherever the newest rules have come to. */
function wrongSite({ modes }: Scenario, { table, waf }: Servers, service: string): string[] {
  const mode = modes[service] ?? 'normal';
  const wanted = wantedMode(table.items(), service) ?? 'normal';
  const visits = [0, 0.999].flatMap((dice) => [
    ['the public', waf.visit(service, dice, PUBLIC).status, mode === 'normal' ? 200 : 503] as const,
    ['a tester', waf.visit(service, dice, TESTER).status, mode === 'maintenance' ? 503 : 200] as const,
  ]);
  return [
    ...(wanted === mode ? [] : [`${service} is wanted ${wanted}, not ${mode}`]),
    ...visits.flatMap(([who, got, due]) => (got === due ? [] : [`${who} gets ${got} of ${service}, which is ${mode}`])),
  ];
}

async function wrongNotes({ noted = [] }: Scenario, { table }: Servers, sheet: string): Promise<string[]> {
  const store = createStore(table);
  const all = [...(await store.auditOfSheet(sheet)), ...(await store.audit('shop', '', 100))];
  const others = all.filter(({ kind }) => kind !== 'operation' && kind !== 'replan');
  const kinds = [...new Map(others.map((one) => [`${one.at} ${one.operationId} ${one.kind}`, one.kind])).values()];
  return kinds.sort().join() === [...noted].sort().join() ? [] : [`the audit tells of ${kinds}, not of ${noted}`];
}

/** Hundreds of plays, also on a busy machine. */
const LONGEST_MS = 240_000;

it.each(Object.entries(SCENARIOS))(
  '%s: ends so whatever happens to any call',
  async (name, scenario) => {
    const from = await prepared(scenario);
    const clean = await ending(scenario, from);
    expect(clean.wrong).toEqual([]);
    expect(clean.made.length).toBeGreaterThanOrEqual(scenario.leastCalls);
    const failures: string[] = [];
    for (const [index, call] of clean.made.entries()) {
      for (const fault of faultsOf(call, index)) {
        const { wrong, made, timeline } = await ending(scenario, from, { at: index + 1, fault });
        const place = `${name}, call ${index + 1}, ${call.name}: ${fault}`;
        expect([place, made[index]?.name]).toEqual([place, call.name]);
        if (wrong.length === 0) continue;
        if (failures.length === 0) failures.push(...timeline());
        failures.push(`${place}: ${wrong.join('; ')}`);
      }
    }
    expect(failures.join('\n')).toBe('');
  },
  LONGEST_MS,
);
