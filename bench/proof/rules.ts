import type { EnvironmentConfig } from '../../config/schema.ts';
import { questionAt, ROUND_MS, sizeOfRound } from '../../lambda/src/proof/probes.ts';
import {
  advanceRun,
  isLongEnough,
  NO_RUN,
  type Run,
  requiredRun,
  SHARES,
} from '../../lambda/src/proof/required-run.ts';
import { PROBE_FOR_MS } from '../../lambda/src/proof/verify.ts';
import type { Spreading } from './models.ts';

/** When a rule says Done for one closing, in milliseconds after WAF took the change; undefined if not within the time. */
export type Rule = (spreading: Spreading, addresses: number, random: () => number) => number | undefined;

/** Nobody waits longer: the row reads Unproven long before. */
const LONGEST_MS = 10 * 60_000;
/** From one answer to the next question: the wait that the answer asked for, and the request's own way. */
const ROUND_TRIP_MS = 500;

/** What was before: whole runs of 5 probes over 2.5 s, all agreeing, over at least 10 s; 2 s between two runs. */
export const oldRule: Rule = ({ leftAt, metBy = (_way, _address, ms) => leftAt(ms) }, addresses, random) => {
  let at = 0;
  let firstAgreedAt: number | undefined;
  while (at < LONGEST_MS) {
    const startedAt = at;
    const from = Math.floor(random() * addresses);
    let isAgreed = true;
    for (let probe = 0; probe < 5; probe += 1) {
      at = startedAt + probe * 625;
      if (random() < metBy('past-caches', from + probe, at)) isAgreed = false;
    }
    firstAgreedAt = isAgreed ? (firstAgreedAt ?? startedAt) : undefined;
    if (firstAgreedAt !== undefined && at - firstAgreedAt >= 10_000) return at;
    at += 2_000;
  }
  return undefined;
};

const URLS = ['https://shop.example.com/'];

/** Nothing shorter is ever long enough: asked first, for speed. */
const SHORTEST = requiredRun(SHARES.closed, 0);

/** The product's own count of a run, sizes of rounds and ways of asking, at so many probes a second. */
export const newRule =
  (settings: EnvironmentConfig['proof']): Rule =>
  (spreading, addresses, random) => {
    const ask = asker(spreading, addresses, random);
    let run = NO_RUN;
    for (let from = 0; from < LONGEST_MS; from += PROBE_FOR_MS + ROUND_TRIP_MS) {
      const first = Math.floor(random() * addresses);
      let index = run.agreed;
      for (let at = from; at < from + PROBE_FOR_MS; at += ROUND_MS) {
        const size = sizeOfRound(run, settings);
        run = ask(run, { at, size, first, index });
        index += size;
        if (run.agreed >= SHORTEST && isLongEnough(run, SHARES.closed)) return at;
      }
    }
    return undefined;
  };

const longer = ({ agreed, unanswered, tries }: Run, by: number): Run => ({ agreed: agreed + by, unanswered, tries });

interface Round {
  readonly at: number;
  readonly size: number;
  /** The address that this call begins with. */
  readonly first: number;
  readonly index: number;
}

/** Where all probes have the same chance, only those that disagree are drawn, by the gaps between them: it is the same, and fast. */
function asker({ leftAt, metBy }: Spreading, addresses: number, random: () => number) {
  const newGap = () => -Math.log(1 - random());
  let gap = newGap();

  function askAlike(run: Run, size: number, share: number): Run {
    const each = -Math.log(1 - share);
    let now = run;
    for (let left = size; left > 0; ) {
      const agreeing = Math.floor(gap / each);
      if (agreeing >= left) {
        gap -= left * each;
        return longer(now, left);
      }
      now = advanceRun(longer(now, agreeing), 'disagrees', SHARES.closed);
      left -= agreeing + 1;
      gap = newGap();
    }
    return now;
  }

  return (run: Run, { at, size, first, index }: Round): Run => {
    const share = leftAt(at);
    if (share === 0) return longer(run, size);
    if (!metBy) return askAlike(run, size, share);
    let now = run;
    for (let probe = 0; probe < size; probe += 1) {
      const { nth, way } = questionAt(URLS, index + probe);
      now = advanceRun(
        now,
        random() < metBy(way, (first + nth) % addresses, at) ? 'disagrees' : 'agrees',
        SHARES.closed,
      );
    }
    return now;
  };
}
