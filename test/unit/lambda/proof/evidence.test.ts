import { NO_PROOF } from '../../../../lambda/src/model/service-state.ts';
import {
  advanceProof,
  agrees,
  cachedCopies,
  isOpen,
  type Probed,
  type Way,
} from '../../../../lambda/src/proof/evidence.ts';
import { questionAt, sizeOfRound, VISITOR_EVERY } from '../../../../lambda/src/proof/probes.ts';
import { advanceRun, isTry, NO_RUN, requiredRun, SHARES, shareFor } from '../../../../lambda/src/proof/required-run.ts';

/** What probes saw, and what may be said of it. */

const CLOSED = { mode: 'maintenance', revision: 7 } as const;
const OPEN = { mode: 'normal', revision: 8 } as const;
const TARGET = 'REGIONAL/eu-west-1';

const answered = (status: number, maintenanceMode?: string) =>
  ({ kind: 'answered', status, ...(maintenanceMode === undefined ? {} : { maintenanceMode }) }) as const;
const SHUT = answered(503, 'r7');
const SITE = answered(200);
const NOTHING = { kind: 'unknown', why: 'TIMEOUT' } as const;

const probes = (count: number, seen: Probed['seen'], way: Way = 'past-caches', target = TARGET): Probed[] =>
  Array.from({ length: count }, () => ({ target, way, seen }));
const advanced = (probed: readonly Probed[], wanted: typeof CLOSED | typeof OPEN = CLOSED, before = NO_PROOF) =>
  advanceProof(before, { probed, targets: [TARGET], endedAt: 0, from: 'eu-west-1' }, wanted);

describe('one probe', () => {
  it('agrees that it is closed only by this revision’s own 503', () => {
    expect(agrees(SHUT, CLOSED)).toBe(true);
    expect(agrees(answered(503, 'r6'), CLOSED)).toBe(false);
    expect(agrees(answered(503), CLOSED)).toBe(false);
    expect(agrees(answered(200, 'r7'), CLOSED)).toBe(false);
    expect(agrees(NOTHING, CLOSED)).toBe(false);
  });

  it('agrees that it is open by whatever the site itself says', () => {
    expect(agrees(SITE, OPEN)).toBe(true);
    expect(agrees(answered(503), OPEN)).toBe(true);
    expect(agrees(answered(503, 'r8'), OPEN)).toBe(false);
    expect(agrees(NOTHING, OPEN)).toBe(false);
  });

  it('got in where it met nothing of ours, and not where nobody answered', () => {
    expect([SITE, answered(503), SHUT, NOTHING].map(isOpen)).toEqual([true, true, false, false]);
  });
});

describe('a proof', () => {
  const enough = requiredRun(SHARES.closed, 0);

  it('is there with the last probe that is needed, and says when', () => {
    const almost = advanced(probes(enough - 1, SHUT));
    expect(almost).toMatchObject({ state: 'proving', needed: enough, probes: enough - 1, agree: enough - 1 });
    expect(almost.verifiedAt).toBeUndefined();
    const all = advanceProof(almost, { probed: probes(1, SHUT), targets: [TARGET], endedAt: 0, from: 'here' }, CLOSED);
    expect(all).toMatchObject({ state: 'verified', probes: enough, from: 'here', disagree: 0, open: 0, unknown: 0 });
    expect(all.verifiedAt).toBe('1970-01-01T00:00:00.000Z');
    expect(all.checkedAt).toBe(all.verifiedAt);
  });

  it('tells of the probes of this call until its run is under way, then of the run', () => {
    const first = advanced([...probes(3, SITE), ...probes(2, NOTHING), ...probes(5, SHUT)]);
    expect(first).toMatchObject({ probes: 10, agree: 5, disagree: 3, open: 3, unknown: 2 });
    const begun = advanced([...probes(1, answered(503, 'r6')), ...probes(99, SHUT), ...probes(1, NOTHING)]);
    expect(begun).toMatchObject({ probes: 101, agree: 99, disagree: 1, open: 0, unknown: 1 });
    const run = advanced([...probes(1, SITE), ...probes(100, SHUT), ...probes(1, NOTHING)]);
    expect(run).toMatchObject({ probes: 101, agree: 100, disagree: 0, open: 0, unknown: 1 });
  });

  it('tells of the probes of this call while the run of one target is not under way', () => {
    const seen = [
      ...probes(100, SHUT),
      ...probes(99, SHUT, 'past-caches', 'b'),
      ...probes(1, SITE, 'past-caches', 'c'),
    ];
    const of = (...targets: string[]) =>
      advanceProof(NO_PROOF, { probed: seen, targets, endedAt: 0, from: '' }, CLOSED).disagree;
    expect([of(TARGET), of(TARGET, 'b'), of(TARGET, 'c')]).toEqual([0, 1, 1]);
  });

  it('of opening counts nobody as one who got in, and keeps what the site itself answered, once each', () => {
    const before = { ...NO_PROOF, siteStatuses: [502] };
    const seen = [...probes(2, SITE), ...probes(1, answered(404)), ...probes(1, answered(503, 'r7'))];
    expect(advanced(seen, OPEN, before)).toMatchObject({ open: 0, disagree: 1, siteStatuses: [200, 404, 502] });
    expect(advanced(probes(3, SHUT)).siteStatuses).toBeUndefined();
  });

  it('adds up what all targets need', () => {
    const proof = advanceProof(NO_PROOF, { probed: [], targets: ['a', 'b'], endedAt: 0, from: '' }, CLOSED);
    expect(proof).toMatchObject({ state: 'proving', needed: 2 * enough });
  });
});

describe('copies that a cache keeps', () => {
  const past = (count: number, seen: Probed['seen'] = SHUT) => probes(count, seen);
  const visitors = (count: number, seen: Probed['seen'] = SITE) => probes(count, seen, 'as-visitor');

  it('are named from three visitors on who see them, when ten went past the caches and none got in', () => {
    expect(cachedCopies([...past(10), ...visitors(3)], CLOSED)).toBe(3);
    expect(cachedCopies([...past(10), ...visitors(2)], CLOSED)).toBeUndefined();
    expect(cachedCopies([...past(9), ...visitors(3)], CLOSED)).toBeUndefined();
    expect(cachedCopies([...past(10), ...past(1, SITE), ...visitors(3)], CLOSED)).toBeUndefined();
  });

  it('are not taken from probes that nobody answered', () => {
    expect(cachedCopies([...past(9), ...past(1, NOTHING), ...visitors(3)], CLOSED)).toBeUndefined();
    expect(cachedCopies([...past(10), ...past(1, NOTHING), ...visitors(3)], CLOSED)).toBe(3);
    expect(cachedCopies([...past(10), ...visitors(2), ...visitors(1, NOTHING)], CLOSED)).toBeUndefined();
    expect(cachedCopies([...past(10), ...visitors(3), ...visitors(2, SHUT)], CLOSED)).toBe(3);
  });

  it('are said no longer once it is verified', () => {
    const proving = advanced([...past(10), ...visitors(3)]);
    expect(proving.cached).toBe(3);
    const verified = [...past(10), ...visitors(3), ...past(requiredRun(SHARES.closed, 0))];
    expect(advanced(verified)).toMatchObject({ state: 'verified', cached: undefined });
  });
});

describe('a run', () => {
  const of = (agreed: number, unanswered = 0, tries = 0) => ({ agreed, unanswered, tries });

  it('is a try from one in so many on, by the share that would still get in', () => {
    expect([isTry(of(99), SHARES.closed), isTry(of(100), SHARES.closed)]).toEqual([false, true]);
    expect([isTry(of(9), SHARES.open), isTry(of(10), SHARES.open)]).toEqual([false, true]);
    expect([shareFor('normal'), shareFor('maintenance'), shareFor('maintenance-allowlist')]).toEqual([0.1, 0.01, 0.01]);
  });

  it('begins anew, and was a try, when more than one in twenty gave no answer', () => {
    expect(advanceRun(of(120, 5), 'unknown', SHARES.closed)).toEqual(of(120, 6));
    expect(advanceRun(of(119, 5), 'unknown', SHARES.closed)).toEqual(of(0, 0, 1));
    expect(advanceRun(of(20), 'unknown', SHARES.closed)).toEqual(of(20, 1));
    expect(advanceRun(of(19), 'unknown', SHARES.closed)).toEqual(of(0));
    expect(advanceRun(of(0, 0, 2), 'unknown', SHARES.closed)).toEqual(of(0, 0, 2));
    expect(advanceRun(NO_RUN, 'agrees', SHARES.closed)).toEqual(of(1));
  });

  it('is as long as docs/proof.md says', () => {
    expect([0, 1, 2].map((tries) => requiredRun(SHARES.closed, tries))).toEqual([816, 995, 1104]);
    expect(requiredRun(SHARES.open, 0)).toBe(79);
  });
});

describe('what is asked next', () => {
  it('are few probes at first, one more for each that agreed, up to what may be sent', () => {
    const size = (agreed: number, probesPerSecond: number) => sizeOfRound({ agreed }, { probesPerSecond });
    expect([size(0, 125), size(3, 125), size(22, 125), size(23, 125), size(24, 125)]).toEqual([2, 5, 24, 25, 25]);
    expect(size(100, 1)).toBe(1);
  });

  it('is every page past the caches in turn, and each fifth time as visitors come, at one address after the other', () => {
    const asked = Array.from({ length: 2 * VISITOR_EVERY }, (_one, index) => questionAt(['/a', '/b'], index));
    expect(asked.map(({ url, nth, way }) => `${url}${nth}${way === 'as-visitor' ? ' visitor' : ''}`)).toEqual([
      ...['/a0', '/b0', '/a1', '/b1', '/a0 visitor'],
      ...['/a2', '/b2', '/a3', '/b3', '/b0 visitor'],
    ]);
  });
});
