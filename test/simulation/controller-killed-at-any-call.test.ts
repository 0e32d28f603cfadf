import { HEARTBEAT_TAB, NOT_CONNECTED } from '../../release-sheet-template/tab.ts';
import { builtScript } from '../unit/apps-script/built-script.ts';
import { ADMIN, office, officeFrom, urlOf } from '../unit/apps-script/controller/office.ts';
import { runtimeHouse } from '../unit/local/apps-script-runtime/start-runtime.ts';
import { HOW, tried } from './plays.ts';

/**
 * Code.js is killed before and after each service call with which the control spreadsheet makes, copies or retires a release
 * sheet. Its row then says that it works on it, and to set Go again. That is done; and it comes to what it would have come to.
 */

const house = runtimeHouse();
let code: string;
beforeAll(async () => {
  code = await builtScript();
});

type Office = Awaited<ReturnType<typeof office>>;
/** As it is for one play. */
type Beside = ReturnType<typeof officeFrom>;
const RELEASES = 'Releases';
const NAME = 'Release 43';
const ORIGINAL = 'Release 41';

interface Case {
  readonly action: 'Create' | 'Copy' | 'Retire';
  /** @returns The address that stands in the row. */
  prepare?(at: Office): Promise<string>;
  /** Names of the sheets that are live in the end. */
  readonly live: readonly string[];
  /** An execution may die between a new spreadsheet and its address in the row: one that nobody can open is left. */
  readonly mostLeft: number;
  wrong?(at: Beside, id: string): string[];
  readonly leastCalls: number;
}

/** A connected sheet whose night is half over. */
async function original({ work, write }: Office): Promise<string> {
  const { id } = await work(ORIGINAL, 'Create');
  const night = [
    ['1', '', '', '', 'shop', 'Enter maintenance', 'Done', 'Shop is closed', '', '', ADMIN, 'production-00000001'],
    ['2', '', '', '', 'shop', 'Exit maintenance', 'Scheduled'],
  ];
  for (const [index, cells] of night.entries()) {
    const row = index + 2;
    const last = String.fromCharCode('B'.charCodeAt(0) + cells.length - 1);
    await write(id, 'Rundown', `B${row}:${last}${row}`, [cells], ADMIN);
  }
  return urlOf(id);
}

const statuses = (at: Beside, id: string): string[] => {
  const [headers = [], ...lines] = at.book(id).displayValues('Rundown');
  const column = headers.indexOf('Status');
  return lines.slice(0, 2).map((line) => line[column] ?? '');
};

const CASES: Readonly<Record<string, Case>> = {
  Create: { action: 'Create', live: [NAME], mostLeft: 1, leastCalls: 60 },
  Copy: {
    action: 'Copy',
    prepare: original,
    live: [ORIGINAL, NAME],
    mostLeft: 1,
    wrong(at, id) {
      const [old] = idsNamed(at, ORIGINAL);
      const [before, after] = [statuses(at, old as string), statuses(at, id)];
      return [
        ...(before.join() === 'Done,Scheduled' ? [] : [`the original says ${before}`]),
        ...(after.join() === 'Planned,Planned' ? [] : [`the copy says ${after}`]),
      ];
    },
    leastCalls: 60,
  },
  Retire: {
    action: 'Retire',
    prepare: original,
    live: [],
    mostLeft: 0,
    wrong(at, id) {
      at.clock.moveTo(at.clock.now() + 1_000);
      const banner = at.book(id).displayValues('Rundown')[0]?.[0] ?? '';
      return banner === NOT_CONNECTED ? [] : [`the banner says ${banner}`];
    },
    leastCalls: 10,
  },
};

const idsNamed = ({ runtime }: Beside, wanted: string): string[] =>
  runtime.spreadsheets
    .list()
    .filter(({ name }) => name === wanted)
    .map(({ id }) => id);

/** What a sheet looks like, whoever made it. */
function looksOf(at: Beside, id: string): string {
  const book = at.book(id);
  const looks = book.tabNames().map((tab) => {
    const { protections, validations, conditionalFormats, frozenColumns } = book.formatting(tab);
    // What is there twice looks the same.
    const looks = [protections, validations, conditionalFormats].map(
      (all) => new Set(all.map((one) => JSON.stringify(one))).size,
    );
    // The banner, and until when it may say Connected, tell the time.
    const headers = tab === HEARTBEAT_TAB ? [] : (book.displayValues(tab)[0] ?? []).slice(1);
    return `${tab}: ${headers.join('|')} ${[...looks, frozenColumns]}`;
  });
  return [...looks, book.timeZone, book.locale, [...book.editors].sort().join()].join('\n');
}

interface Ending {
  readonly wrong: readonly string[];
  readonly calls: readonly string[];
  readonly looks: string;
}

/** Up to the Go. */
async function prepared(one: Case): Promise<Office> {
  const at = await office(house, code);
  const url = (await one.prepare?.(at)) ?? '';
  const row = rowOf(one);
  await at.write(at.control, RELEASES, `A${row}:C${row}`, [[NAME, one.action, url]]);
  return at;
}

const rowOf = ({ prepare }: Case): number => (prepare ? 3 : 2);

/** Plays it from where it was prepared, beside all other plays. */
async function ending(one: Case, from: Office, cut?: { at: number; side: 'before' | 'after' }): Promise<Ending> {
  const at = officeFrom(house, code, from);
  const { runtime, control, write, book } = at;
  const row = rowOf(one);
  if (cut) runtime.cutNext({ ...cut, function: 'onControlEdit' });
  const go = () => write(control, RELEASES, `D${row}`, [['Go']], ADMIN);
  const said = () => {
    const [, , address = '', status = '', result = ''] = book(control).displayValues(RELEASES)[row - 1] ?? [];
    return { id: /\/d\/([^/]+)/.exec(address)?.[1] ?? '', status, result };
  };
  await go();
  const [execution] = runtime
    .executions()
    .filter((ran) => ran.function === 'onControlEdit')
    .slice(-1);
  const wrong: string[] = [];
  if (said().status !== 'Done') {
    if (cut && cut.at > CLAIMED && !said().result.includes('set Go again')) wrong.push(`its row says ${said().result}`);
    await go();
  }
  await runtime.tick();
  const { id, status, result } = said();
  // Whoever retires again what the last call retired is told that.
  const isOver = one.action === 'Retire' && result.includes('is not connected');
  if (status !== 'Done' && !isOver) wrong.push(`its row says ${status}: ${result}`);
  const names = new Map(runtime.spreadsheets.list().map((known) => [known.id, known.name]));
  const live = runtime
    .triggers()
    .flatMap(({ handler, sourceId }) => (handler === 'onRundownEdit' ? [`${sourceId}`] : []));
  const liveNames = live.map((known) => names.get(known) ?? known).sort();
  if (liveNames.join() !== [...one.live].sort().join()) wrong.push(`live are ${liveNames}`);
  if (one.live.includes(NAME) && !live.includes(id)) wrong.push('the sheet that its row names is not live');
  const left = idsNamed(at, NAME).filter((known) => !live.includes(known));
  if (left.length > one.mostLeft) wrong.push(`${left.length} spreadsheets are left over`);
  const looks = looksOf(at, id);
  wrong.push(...(one.wrong?.(at, id) ?? []));
  await runtime.close();
  return { wrong, calls: execution?.calls ?? [], looks };
}

/** Before these calls the row still says Go. */
const CLAIMED = 12;
const LONGEST_MS = 15 * 60_000;
const MOST_PLAYS = 8;

it.each(Object.entries(CASES))(
  `%s, killed at any call (${HOW}): Go again brings it to its end`,
  async (name, one) => {
    const from = await prepared(one);
    const clean = await ending(one, from);
    expect(clean.wrong).toEqual([]);
    expect(clean.calls.length).toBeGreaterThanOrEqual(one.leastCalls);
    const plays = clean.calls.flatMap((_call, index) =>
      (index === 0 ? (['before', 'after'] as const) : (['after'] as const)).map((side) => ({ at: index + 1, side })),
    );
    const failures: string[] = [];
    for (const cut of tried(name, plays, MOST_PLAYS)) {
      const { wrong, looks } = await ending(one, from, cut);
      const all = [...wrong, ...(looks === clean.looks ? [] : [`it looks otherwise:\n${looks}\n${clean.looks}`])];
      if (all.length > 0) failures.push(`call ${cut.at}, ${clean.calls[cut.at - 1]}, ${cut.side}: ${all.join('; ')}`);
    }
    expect(failures.join('\n')).toBe('');
  },
  LONGEST_MS,
);
