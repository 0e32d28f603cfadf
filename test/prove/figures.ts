import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform } from 'node:os';
import { dirname } from 'node:path';
import type { Tried } from './attack.ts';
import type { Crashes } from './crash-suites.ts';
import type { Tally } from './play-all.ts';

/** What was tried, and what it came to. */
export interface Figures extends Omit<Tally, 'failures'> {
  readonly seconds: number;
  readonly failed: readonly { readonly seed: number; readonly wrong: string }[];
  readonly attacks: Tried;
  readonly crashSuites?: Crashes;
}

const FILE = 'bench/results/prove.json';

export function print({ failed, crashSuites, attacks, ...counted }: Figures): void {
  if (crashSuites) {
    const { scenarios, seconds, isPassed } = crashSuites;
    console.log(`Crash suites: ${scenarios} scenarios, ${isPassed ? 'all passed' : 'FAILED'}, ${seconds} s`);
  }
  console.log(`Attack corpus: ${attacks.attacks} cases, ${attacks.wrong.join('; ') || 'all as expected'}`);
  for (const [name, value] of Object.entries(counted)) console.log(`${name.padEnd(12)}${String(value).padStart(12)}`);
  const seeds = failed.map(({ seed }) => seed).join(', ');
  console.log(
    failed.length === 0 ? 'Every world ended as it must.' : `${failed.length} worlds did not, of the seeds ${seeds}`,
  );
}

export function write(figures: Figures): void {
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: availableParallelism() };
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ at: new Date().toISOString(), machine, ...figures }, null, 2)}\n`);
  console.log(`Written to ${FILE}`);
}
