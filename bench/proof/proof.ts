import { DEFAULT_PROOF } from '../../config/schema.ts';
import { CHANCE, requiredRun, SHARES } from '../../lambda/src/proof/required-run.ts';
import { LOCAL_PROOF } from '../../local/local-config.ts';
import { seeded } from '../deployment/seeded.ts';
import { AXIS, type Chart, COLOURS, LEGEND } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { seconds } from '../report/table.ts';
import { MODELS, type Model } from './models.ts';
import { newRule, oldRule, type Rule } from './rules.ts';

/**
 * `npm run bench -- proof [closings]`: how often Done is said while one request in a hundred still gets in, and how long
 * people wait for it. Every closing of a model meets the same spreading under each rule.
 */

const CLOSINGS = 3_000;
const RULES: readonly (readonly [string, Rule])[] = [
  ['before: 5 probes, 10 s', oldRule],
  [`now, ${DEFAULT_PROOF.probesPerSecond} a second (default)`, newRule(DEFAULT_PROOF)],
  [`now, ${LOCAL_PROOF.probesPerSecond} a second (local)`, newRule(LOCAL_PROOF)],
];

export interface Played {
  readonly model: string;
  readonly rule: string;
  readonly closings: number;
  readonly falseDones: number;
  readonly never: number;
  /** Sorted, in milliseconds after WAF took the change. */
  readonly waits: readonly number[];
}

export function play(model: Model, [rule, decide]: (typeof RULES)[number], closings: number): Played {
  const drawing = seeded(1);
  const probing = seeded(2);
  let falseDones = 0;
  let never = 0;
  const waits: number[] = [];
  for (let closing = 0; closing < closings; closing += 1) {
    const spreading = model.draw(drawing);
    const doneAt = decide(spreading, model.addresses, probing);
    if (doneAt === undefined) never += 1;
    else {
      waits.push(doneAt);
      if (spreading.leftAt(doneAt) >= SHARES.closed) falseDones += 1;
    }
  }
  return { model: model.name, rule, closings, falseDones, never, waits: waits.sort((one, other) => one - other) };
}

export const playAll = (closings: number): Played[] =>
  MODELS.flatMap((model) => RULES.map((rule) => play(model, rule, closings)));

const at = (waits: readonly number[], part: number): number | undefined =>
  waits[Math.min(waits.length - 1, Math.floor(waits.length * part))];

const shown = (ms: number | undefined): string => (ms === undefined ? '–' : seconds(ms));

export function benchProof(closings = CLOSINGS): string {
  const played = playAll(closings);
  const rows = played.map(({ model, rule, falseDones, never, waits }, index) => [
    index % RULES.length === 0 ? model : '',
    rule,
    String(falseDones),
    `${((100 * falseDones) / closings).toFixed(3)} %`,
    shown(at(waits, 0.5)),
    shown(at(waits, 0.95)),
    String(never),
  ]);
  return writeResult('proof', {
    title: 'How often a row would say Done while the site is still open',
    subtitle: `${closings.toLocaleString('en')} closings of each kind, played with the product’s own code`,
    command: `npm run bench -- proof ${closings}`,
    isDeterministic: true,
    table: {
      headers: ['how a change spreads', 'rule', 'false Done', 'of all', 'median wait', '95 %', 'not in 10 min'],
      rows,
    },
    notes: [
      `${closings} closings of each. False: 1 request in ${1 / SHARES.closed} or more still gets in when Done is said; ` +
        `the bound is ${(100 * CHANCE).toFixed(1)} %.`,
      `A run is ${requiredRun(SHARES.closed, 0)} probes long, ${requiredRun(SHARES.closed, 1)} after one that came far and was broken.`,
    ],
    data: played.map(({ waits, ...one }) => ({
      ...one,
      waitMs: { median: at(waits, 0.5), high: at(waits, 0.95) },
    })),
    chart: chartOf(played),
  });
}

/** Left how often it is false, right how long people wait; kinds of spreading from top to bottom. */
function chartOf(played: readonly Played[]): Chart {
  const models = [...new Set(played.map(({ model }) => model))];
  const of = (rule: string, value: (one: Played) => number) =>
    played.filter((one) => one.rule === rule).map((one) => Number(value(one).toPrecision(3)));
  const falseShare = ({ falseDones, closings }: Played) => (100 * falseDones) / closings;
  const wait = ({ waits }: Played) => (at(waits, 0.5) ?? 0) / 1_000;
  const worst = (rule: string) => Math.max(...of(rule, falseShare));
  return {
    description: RULES.map(([rule]) => `${rule}: at worst ${worst(rule)} % of all Done are false.`).join(' '),
    height: 520,
    option: {
      legend: { ...LEGEND, itemGap: 24 },
      grid: [
        { left: 280, width: 250, top: 120, bottom: 50 },
        { left: 570, width: 210, top: 120, bottom: 50 },
      ],
      xAxis: [
        {
          ...AXIS,
          type: 'value',
          gridIndex: 0,
          max: 100,
          name: 'false Done, in %',
          nameLocation: 'middle',
          nameGap: 30,
        },
        {
          ...AXIS,
          type: 'value',
          gridIndex: 1,
          name: 'median wait until Done, in s',
          nameLocation: 'middle',
          nameGap: 30,
        },
      ],
      yAxis: [0, 1].map((gridIndex) => ({
        ...AXIS,
        type: 'category' as const,
        gridIndex,
        data: models,
        inverse: true,
        axisTick: { show: false },
        axisLabel: { ...AXIS.axisLabel, show: gridIndex === 0, width: 250, overflow: 'break' as const },
      })),
      series: RULES.flatMap(([name], index) =>
        [falseShare, wait].map((value, panel) => ({
          type: 'bar' as const,
          name,
          xAxisIndex: panel,
          yAxisIndex: panel,
          itemStyle: { color: [COLOURS[1], COLOURS[0], COLOURS[5]][index] },
          barGap: '10%',
          label: { show: true, position: 'right' as const, fontSize: 11, formatter: panel === 0 ? '{c} %' : '{c} s' },
          data: of(name, value),
        })),
      ),
    },
  };
}
