import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Act, describe, generate, type World } from './acts.ts';
import { attack } from './attack.ts';
import { crashSuites } from './crash-suites.ts';
import { type Figures, print, write } from './figures.ts';
import { play } from './play.ts';
import { playAll, type Span, type Tally } from './play-all.ts';
import { kindOf, shrink } from './shrink.ts';

/**
 * `npm run prove`: every play of the crash suites, the attack corpus and random worlds, with figures.
 *   npm run prove -- all 2000                    the same with more worlds
 *   npm run prove -- short                       some plays of each story, the attack corpus and fewer worlds: nothing is written
 *   npm run prove -- worlds 10000 [first seed]   random worlds, without the crash suites
 *   npm run prove -- seed 42                     one of them, made smaller if it fails, as a timeline
 *   npm run prove -- history <file>              a recorded one, as a timeline
 */

const WORLDS = { all: 400, short: 100, worlds: 400 };
/** Of each story, in the short form. */
const SOME_PLAYS = 24;
const THREADS = availableParallelism();
/** Every failure costs a hundred plays. */
const MOST_SHRUNK = 3;

async function prove([command = 'all', value, from]: readonly string[]): Promise<boolean> {
  if (command === 'seed') return show(await smallest(Number(value)), []);
  if (command === 'history') return show(JSON.parse(readFileSync(value ?? '', 'utf8')).world as World, process.argv);
  if (command !== 'all' && command !== 'short' && command !== 'worlds') {
    throw new Error(`npm run prove knows no ${command}`);
  }
  const startedAt = performance.now();
  const crashes = command === 'worlds' ? undefined : crashSuites(command === 'all' ? 'all' : SOME_PLAYS);
  const attacks = await attack();
  const first = Number(from ?? 1);
  const count = Number(value ?? WORLDS[command]);
  const tally = await inThreads({ first, count });
  const { failures, ...counted } = tally;
  const figures: Figures = {
    ...counted,
    seeds: { first, last: first + count - 1 },
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    failed: failures.map(({ seed, wrong }) => ({ seed, wrong: wrong.join('; ') })),
    attacks,
    ...(crashes ? { crashSuites: crashes } : {}),
  };
  print(figures);
  if (command === 'all') write(figures);
  for (const { seed } of failures.slice(0, MOST_SHRUNK)) await show(await smallest(seed), []);
  return failures.length === 0 && attacks.wrong.length === 0 && crashes?.isPassed !== false;
}

/** Seeds are dealt out, so that the threads end at about the same time. */
async function inThreads({ first, count }: { readonly first: number; readonly count: number }): Promise<Tally> {
  const spans = Array.from({ length: THREADS }, (_, index) => ({
    first: first + index,
    last: first + count - 1,
    step: THREADS,
  }));
  const tallies = await Promise.all(spans.map(inThread));
  return tallies.reduce((sum, one) => ({
    worlds: sum.worlds + one.worlds,
    spread: sum.spread + one.spread,
    edits: sum.edits + one.edits,
    faults: sum.faults + one.faults,
    syncs: sum.syncs + one.syncs,
    calls: sum.calls + one.calls,
    operations: sum.operations + one.operations,
    checks: sum.checks + one.checks,
    failures: [...sum.failures, ...one.failures].sort((a, b) => a.seed - b.seed),
  }));
}

const inThread = (span: Span): Promise<Tally> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: span });
    let playing = span.first;
    worker.on('message', (said: number | Tally) => {
      if (typeof said === 'number') playing = said;
      else resolve(said);
    });
    worker.once('error', reject);
    // Once all is told, nobody hears this.
    worker.once('exit', () =>
      reject(new Error(`The world of seed ${playing} never ends: something in it waits for nobody.`)),
    );
  });

/** The world of that seed; if it fails, the least of it that fails in the same way. */
async function smallest(seed: number): Promise<World> {
  const world = generate(seed);
  const [first] = (await play(world)).wrong;
  if (first === undefined) return world;
  const kind = kindOf(first);
  return shrink(world, async (some) => (await play(some)).wrong.some((text) => kindOf(text) === kind));
}

async function show(world: World, options: readonly string[]): Promise<boolean> {
  const { wrong, timeline } = await play(world);
  const isCall = (line: string) => /^\S+ (staging )?(api|scheduler|reconciler|slack)[ \d]*: /.test(line);
  const isQuiet = (line: string) => / {3}200 $|the script asks: (tick|poll)$/.test(line);
  const isTold = (line: string) => line.includes('<--') || !(isCall(line) || isQuiet(line));
  const lines = timeline().filter((line) => options.includes('calls') || isTold(line));
  console.log(['', ...lines, '', ...world.acts.map((act: Act) => `- ${describe(act)}`), ''].join('\n'));
  console.log(JSON.stringify(world));
  console.log(wrong.length === 0 ? '\nNothing is wrong.' : `\nWrong:\n${wrong.join('\n')}`);
  return wrong.length === 0;
}

if (isMainThread) process.exitCode = (await prove(process.argv.slice(2))) ? 0 : 1;
else parentPort?.postMessage(await playAll(workerData as Span, (seed) => parentPort?.postMessage(seed)));
