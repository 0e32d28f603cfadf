import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, type } from 'node:os';
import { type Chart, draw, type Titles } from './chart.ts';
import { table } from './table.ts';

/** What a bench found. Nothing in it is a promise: another machine has other times. */
export interface Result extends Titles {
  /** What makes it again. */
  readonly command: string;
  readonly table: { readonly headers: readonly string[]; readonly rows: readonly (readonly string[])[] };
  /** Below the table: how it was measured, what is assumed, what was left out and why. */
  readonly notes: readonly string[];
  /** Everything that was measured, for machines: samples, medians and spreads. */
  readonly data: unknown;
  readonly chart: Chart;
  /** Is it counted, or timed by a virtual clock, so that it is the same everywhere? */
  readonly isDeterministic: boolean;
}

const FOLDER = 'bench/results';
/** What times depend on, beside the machine. */
const LIBRARIES = ['@aws-sdk/client-wafv2', '@aws-sdk/client-dynamodb', 'esbuild', 'echarts'] as const;

/**
 * Writes `bench/results/<name>.json` and `.svg` below the working folder.
 * @returns What a person reads in the terminal.
 */
export function writeResult(name: string, { chart, ...result }: Result): string {
  const { title, subtitle, command, isDeterministic, table: cells, notes, data } = result;
  const found = { name, title, command, isDeterministic, at: new Date().toISOString(), ...surroundings() };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify({ ...found, table: cells, notes, data }, null, 2)}\n`);
  writeFileSync(`${FOLDER}/${name}.svg`, draw(chart, { title, subtitle }));
  return [table(cells.headers, cells.rows), '', ...notes, `Written: ${FOLDER}/${name}.json and .svg`].join('\n');
}

function surroundings() {
  const [cpu] = cpus();
  return {
    machine: {
      cores: availableParallelism(),
      cpu: cpu?.model.trim() || 'unknown',
      os: `${type()} ${release()} ${arch()}`,
    },
    versions: Object.fromEntries([
      ['node', process.version],
      ['drawbridge', versionIn('package.json')],
      ...LIBRARIES.map((library) => [library, versionIn(`node_modules/${library}/package.json`)]),
    ]),
  };
}

function versionIn(path: string): string {
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
