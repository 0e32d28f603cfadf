import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../../../local/apps-script-runtime/host.ts';
import { Threads } from '../../../../local/apps-script-runtime/threads.ts';
import { type Clock, createClock } from '../../../../local/clock.ts';

/** For one test file: the thread's code, bundled as build.mjs bundles it, and runtimes that are closed after each test. */

export const NIGHT = Date.UTC(2026, 10, 22, 2, 0);
export const BOOK = 'release-42';
export const OWNER = 'drawbridge.controller@example.com';
export const MANAGER = 'release.manager@example.com';

export const SCOPES = [
  'https://www.googleapis.com/auth/spreadsheets',
  'https://www.googleapis.com/auth/script.external_request',
  'https://www.googleapis.com/auth/script.scriptapp',
  'https://www.googleapis.com/auth/userinfo.email',
];

export interface Started {
  readonly runtime: Runtime;
  readonly clock: Clock;
  /** How many sleeps, of scripts and of others, the clock was asked for. */
  sleeps(): number;
}

export interface RuntimeHouse {
  start(code: string, more?: Partial<RuntimeOptions>): Started;
  /** Runs this body as a function of the script. @returns What it returned. @throws Error - What it threw. */
  ask(body: string, more?: Partial<RuntimeOptions>): Promise<unknown>;
}

let folder: string;
let workerFile: string;
let threads: Threads;

export function runtimeHouse(): RuntimeHouse {
  let started: Runtime[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-runtime-'));
    workerFile = join(folder, 'apps-script-worker.mjs');
    await build({
      absWorkingDir: process.cwd(),
      entryPoints: ['local/apps-script-runtime/worker.ts'],
      outfile: workerFile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    threads = new Threads(workerFile);
  });
  afterEach(async () => {
    await Promise.all(started.map((runtime) => runtime.close()));
    started = [];
  });
  afterAll(async () => {
    await threads.close();
    await rm(folder, { recursive: true, force: true });
  });

  function start(code: string, more: Partial<RuntimeOptions> = {}): Started {
    let sleeps = 0;
    const real = more.clock ?? createClock(NIGHT);
    const clock: Clock = {
      ...real,
      sleep(ms) {
        sleeps += 1;
        return real.sleep(ms);
      },
    };
    const runtime = createRuntime({
      code,
      manifest: { oauthScopes: SCOPES },
      owner: OWNER,
      workerFile,
      threads,
      network: async () => ({ status: 200, headers: {}, body: '' }),
      ...more,
      clock,
    });
    started.push(runtime);
    if (more.from) return { runtime, clock, sleeps: () => sleeps };
    const Rundown = [
      ['Step', 'Status', 'Planned start'],
      ['1', 'Planned', '2026-11-22 02:00'],
      ['2', 'Planned', ''],
    ];
    runtime.spreadsheets.create({ id: BOOK, name: 'Release 42', timeZone: 'Europe/Berlin', tabs: { Rundown } });
    return { runtime, clock, sleeps: () => sleeps };
  }

  async function ask(body: string, more: Partial<RuntimeOptions> = {}): Promise<unknown> {
    const { runtime } = start(`function main() { console.log(JSON.stringify((() => { ${body} })())); }`, more);
    const { log, error } = await runtime.run('main');
    if (error !== undefined) throw new Error(error);
    const told = log.at(-1);
    return told === undefined || told === 'undefined' ? undefined : JSON.parse(told);
  }

  return { start, ask };
}

/** Looks again every few milliseconds; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const INSTALL = (handler: string): string => `
  function install() {
    ScriptApp.newTrigger('${handler}').forSpreadsheet('${BOOK}').onEdit().create();
    ScriptApp.newTrigger('onMinute').timeBased().everyMinutes(1).create();
  }`;
