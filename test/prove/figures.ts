import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform } from 'node:os';
import { dirname } from 'node:path';
import type { Tried } from './attack.ts';
import type { Crashes } from './crash-suites.ts';
import type { Span, Tally } from './play-all.ts';

/** What was tried, and what it came to. */
export interface Figures extends Omit<Tally, 'failures' | 'spread'> {
  /** Results of before do not have it. */
  readonly spread?: number;
  readonly seconds: number;
  readonly seeds: Omit<Span, 'step'>;
  readonly failed: readonly { readonly seed: number; readonly wrong: string }[];
  readonly attacks: Tried;
  readonly crashSuites?: Crashes;
}

/** With when and where it was. */
export interface Written extends Figures {
  readonly at: string;
  readonly machine: { readonly node: string; readonly platform: string; readonly arch: string; readonly cores: number };
}

export const FILE = 'bench/results/prove.json';
const DOCS = 'docs/reliability.md';
/** Between these the figures stand. */
export const MARKS = { begin: '<!-- written by npm run prove -->', end: '<!-- to here -->' } as const;

export function print({ failed, crashSuites, attacks, seeds: _seeds, ...counted }: Figures): void {
  if (crashSuites) console.log(`Crash suites: ${crashWords(crashSuites).join(', ')}`);
  console.log(`Attack corpus: ${attacks.attacks} cases, ${attacks.wrong.join('; ') || 'all as expected'}`);
  for (const [name, value] of Object.entries(counted)) console.log(`${name.padEnd(12)}${String(value).padStart(12)}`);
  const seeds = failed.map(({ seed }) => seed).join(', ');
  console.log(
    failed.length === 0 ? 'Every world ended as it must.' : `${failed.length} worlds did not, of the seeds ${seeds}`,
  );
}

/** Into the file of results, and into the documents that quote it. */
export function write(figures: Figures): void {
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: availableParallelism() };
  const written: Written = { at: new Date().toISOString(), machine, ...figures };
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
  const [before, after] = split(readFileSync(DOCS, 'utf8'));
  writeFileSync(DOCS, `${before}${quoted(written)}${after}`);
  console.log(`Written to ${FILE} and ${DOCS}`);
}

/** What stands before the figures, and behind them. */
function split(text: string): [string, string] {
  const [begin, end] = [text.indexOf(MARKS.begin), text.indexOf(MARKS.end)];
  if (begin < 0 || end < begin) throw new Error(`${DOCS} has no "${MARKS.begin}" and "${MARKS.end}" any more.`);
  return [text.slice(0, begin), text.slice(end + MARKS.end.length)];
}

const many = (count: number): string => count.toLocaleString('en-US');

/** What was tried, of how many. */
const playsOf = ({ plays, ofPlays }: Crashes): string[] => {
  if (plays === undefined) return [];
  return [ofPlays === undefined ? `every play (${many(plays)})` : `${many(plays)} of ${many(ofPlays)} plays`];
};

const crashWords = (crashes: Crashes): string[] => [
  `${many(crashes.stories)} stories`,
  ...playsOf(crashes),
  crashes.isPassed ? 'all passed' : 'not all passed',
  `${many(crashes.seconds)} s`,
];

/** As the documents have them. Pure. */
export function quoted({ machine, crashSuites, attacks, failed, seeds, seconds, ...counted }: Written): string {
  const { node, platform: system, cores } = machine;
  const { worlds, spread, edits, syncs, calls, operations, faults, checks } = counted;
  const nights = [
    `${many(worlds)} (seeds ${seeds.first} to ${seeds.last})`,
    ...(spread === undefined ? [] : [`${many(spread)} of them with several environments and targets`]),
    failed.length === 0 ? 'all ended as they must' : `${failed.length} did not end as they must`,
  ];
  const inThem = [
    `${many(edits)} edits, ${many(syncs)} syncs, ${many(calls)} calls, ${many(operations)} operations`,
    `${many(faults)} calls that ended otherwise, ${many(checks)} checks`,
  ];
  const rows = [
    ...(crashSuites ? [['crash suites', crashWords(crashSuites)]] : []),
    [
      'attack corpus',
      [`${many(attacks.attacks)} cases`, attacks.wrong.length === 0 ? 'all as expected' : 'not all as expected'],
    ],
    ['random nights', nights],
    ['in them', inThem],
  ] as [string, string[]][];
  return [
    MARKS.begin,
    `Node ${node.slice(1).split('.')[0]}, ${system}, ${cores} cores, ${many(seconds)} s:`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, facts]) => `| ${name} | ${facts.join(', ')} |`),
    '',
    MARKS.end,
  ].join('\n');
}
