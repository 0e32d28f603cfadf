import { DEFAULT_PROOF } from '../config/schema.ts';
import { CHANCE, requiredRun, SHARES } from '../lambda/src/proof/required-run.ts';
import { LOCAL_PROOF } from '../local/local-config.ts';
import { MODELS, type Model } from './proof-models.ts';
import { newRule, oldRule, type Rule } from './proof-rules.ts';
import { seeded } from './seeded.ts';
import { seconds, table } from './table.ts';

/**
 * `npm run bench -- proof [closings]`: how often Done is said while one request in a hundred still gets in, and how long
 * people wait for it. Every closing of a model meets the same spreading under each rule.
 */

const CLOSINGS = 100_000;
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

const at = (waits: readonly number[], part: number): string => {
  const wait = waits[Math.min(waits.length - 1, Math.floor(waits.length * part))];
  return wait === undefined ? '–' : seconds(wait);
};

export function benchProof(closings = CLOSINGS): string {
  const rows = playAll(closings).map(({ model, rule, falseDones, never, waits }, index) => [
    index % RULES.length === 0 ? model : '',
    rule,
    String(falseDones),
    `${((100 * falseDones) / closings).toFixed(3)} %`,
    at(waits, 0.5),
    at(waits, 0.95),
    String(never),
  ]);
  const head = ['how a change spreads', 'rule', 'false Done', 'of all', 'median wait', '95 %', 'not in 10 min'];
  return [
    table(head, rows),
    '',
    `${closings} closings of each. False: 1 request in ${1 / SHARES.closed} or more still gets in when Done is said; ` +
      `the bound is ${(100 * CHANCE).toFixed(1)} %.`,
    `A run is ${requiredRun(SHARES.closed, 0)} probes long, ${requiredRun(SHARES.closed, 1)} after one that came far and was broken.`,
  ].join('\n');
}
