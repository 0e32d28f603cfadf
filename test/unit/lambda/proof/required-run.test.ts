import fc from 'fast-check';
import {
  type Answer,
  advanceRun,
  CHANCE,
  isLongEnough,
  NO_RUN,
  type Run,
  requiredRun,
  SHARES,
} from '../../../../lambda/src/proof/required-run.ts';

/** The chance that a closed service is called verified too early, by the rule's own numbers. */

const runOf = (answers: readonly Answer[], from: Run = NO_RUN): Run =>
  answers.reduce((run, answer) => advanceRun(run, answer, SHARES.closed), from);
const many = (count: number, answer: Answer = 'agrees'): Answer[] => Array.from({ length: count }, () => answer);

it.each([
  ['closed', SHARES.closed],
  ['open', SHARES.open],
])('over all tries together, %s is said too early once in a thousand at most', (_what, share) => {
  // However often a run is broken late and begins again, with just that share left all the while.
  const tries = Array.from({ length: 2_000 }, (_one, index) => (1 - share) ** (requiredRun(share, index) - 1 / share));
  const sum = tries.reduce((all, chance) => all + chance, 0);
  expect(sum).toBeLessThanOrEqual(CHANCE);
  // It waits no longer than the bound asks for.
  expect(sum).toBeGreaterThan(CHANCE * 0.9);
});

it('is little longer than the shortest run that any rule could do with', () => {
  const shortest = Math.log(CHANCE) / Math.log(1 - SHARES.closed);
  expect(requiredRun(SHARES.closed, 0) / shortest).toBeLessThan(1.2);
});

/** The exact chance, by the distribution over all runs: what still gets in stays as it is for `probes` probes. */
function chanceOfFalse(share: number, leftShare: number, probes: number): number {
  const levels = Array.from({ length: 40 }, (_one, tries) => {
    const lengths = Array.from({ length: requiredRun(share, tries) }, (_other, agreed) => ({
      agreed,
      unanswered: 0,
      tries,
    }));
    return {
      chances: new Float64Array(lengths.length),
      isEnough: lengths.map((run) => isLongEnough(advanceRun(run, 'agrees', share), share)),
      brokenTo: lengths.map((run) => advanceRun(run, 'disagrees', share).tries),
    };
  });
  (levels[0] as (typeof levels)[0]).chances[0] = 1;
  let proven = 0;
  for (let probe = 0; probe < probes; probe += 1) {
    const broken = new Float64Array(levels.length + 1);
    for (const { chances, isEnough, brokenTo } of levels) {
      for (let agreed = chances.length - 1; agreed >= 0; agreed -= 1) {
        const chance = chances[agreed] ?? 0;
        chances[agreed] = 0;
        broken[brokenTo[agreed] ?? 0] = (broken[brokenTo[agreed] ?? 0] ?? 0) + chance * leftShare;
        if (isEnough[agreed]) proven += chance * (1 - leftShare);
        else chances[agreed + 1] = chance * (1 - leftShare);
      }
    }
    levels.forEach(({ chances }, tries) => {
      chances[0] = broken[tries] ?? 0;
    });
  }
  return proven;
}

it.each([0.01, 0.02])('with a share of %s left for 3,000 probes, it is within the bound', (left) => {
  expect(chanceOfFalse(SHARES.closed, left, 3_000)).toBeLessThanOrEqual(CHANCE);
});

it('counts from the first agreeing probe after the last one that disagreed', () => {
  expect(runOf([...many(9), 'disagrees', ...many(4)])).toEqual({ agreed: 4, unanswered: 0, tries: 0 });
  expect(runOf([...many(140), 'disagrees', ...many(4)])).toEqual({ agreed: 4, unanswered: 0, tries: 1 });
});

it('asks for a longer run after each one that came far and was broken, so that trying often makes nothing true', () => {
  const required = [0, 1, 2, 3].map((tries) => requiredRun(SHARES.closed, tries));
  expect(required).toEqual([...required].sort((one, other) => one - other));
  const almost = runOf(many(requiredRun(SHARES.closed, 0) - 1));
  expect(isLongEnough(almost, SHARES.closed)).toBe(false);
  expect(isLongEnough(runOf(['agrees'], almost), SHARES.closed)).toBe(true);
  expect(isLongEnough(runOf(['disagrees', ...many(requiredRun(SHARES.closed, 0))], almost), SHARES.closed)).toBe(false);
});

it('takes no answer for neither: it proves nothing, a few do not break a run, more than one in twenty do', () => {
  expect(runOf(many(900, 'unknown'))).toEqual(NO_RUN);
  expect(runOf([...many(100), 'unknown'])).toEqual({ agreed: 100, unanswered: 1, tries: 0 });
  expect(runOf([...many(100), ...many(6, 'unknown')])).toEqual({ agreed: 0, unanswered: 0, tries: 1 });
});

it('never counts more than what agreed since something disagreed', () => {
  const answer = fc.constantFrom<Answer>('agrees', 'disagrees', 'unknown');
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 200 }), (answers) => {
      const since = answers.slice(answers.lastIndexOf('disagrees') + 1).filter((one) => one === 'agrees').length;
      expect(runOf(answers).agreed).toBeLessThanOrEqual(since);
    }),
  );
});
