import { formatDirectStamp } from '../../../../contract/stamp.ts';
import { NEVER_OPERATED, type ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { isEarlierOfOurs, withContentHash } from '../../../../lambda/src/waf/content-hash.ts';
import { isAdopted, isNewer, newestStamp, requestOf, unadoptedStamp } from '../../../../lambda/src/waf/direct-write.ts';

/** What on-call people write past the API, and what of it is news. */

const at = (second: number) => `2026-11-22T02:00:${String(second).padStart(2, '0')}.000Z`;
const stamp = (second: number) =>
  ({ mode: 'maintenance', at: at(second), actor: 'arn:aws:iam::111122223333:role/x' }) as const;
const committed = (second: number): ServiceState => ({
  ...NEVER_OPERATED,
  operation: { committedAt: at(second) } as ServiceState['operation'],
});

describe('a direct write is news', () => {
  it('when it is newer than the last operation', () => {
    expect(isNewer(stamp(2), NEVER_OPERATED)).toBe(true);
    expect(isNewer(stamp(2), committed(1))).toBe(true);
    expect(isNewer(stamp(2), committed(2))).toBe(false);
    expect(isNewer(stamp(2), committed(3))).toBe(false);
  });

  it('when it is another one than was adopted, and written after that: by our clock, where that of the last writer was ahead', () => {
    const adopted = (stamped: number, byOurs?: number) => ({
      ...NEVER_OPERATED,
      adopted: at(stamped),
      ...(byOurs === undefined ? {} : { adoptedAt: at(byOurs) }),
    });
    expect(isNewer(stamp(5), adopted(5))).toBe(false);
    expect(isNewer(stamp(6), adopted(5))).toBe(true);
    expect(isNewer(stamp(4), adopted(5))).toBe(false);
    expect(isNewer(stamp(4), adopted(5, 3))).toBe(true);
    expect(isNewer(stamp(5), adopted(5, 3))).toBe(false);
    expect(isNewer(stamp(3), adopted(5, 3))).toBe(false);
    expect(isNewer(stamp(6), adopted(5, 7))).toBe(true);
  });

  it('and is read from the Description, if it is one', () => {
    expect(unadoptedStamp(formatDirectStamp(stamp(2)), NEVER_OPERATED)).toEqual(stamp(2));
    expect(unadoptedStamp(formatDirectStamp(stamp(2)), committed(3))).toBeUndefined();
    expect(unadoptedStamp('drawbridge r1 maintenance', NEVER_OPERATED)).toBeUndefined();
    expect(unadoptedStamp(undefined, NEVER_OPERATED)).toBeUndefined();
  });
});

it('what was adopted is known again on another target', () => {
  expect(isAdopted(formatDirectStamp(stamp(2)), { ...NEVER_OPERATED, adopted: at(2) })).toBe(true);
  expect(isAdopted(formatDirectStamp(stamp(2)), { ...NEVER_OPERATED, adopted: at(3) })).toBe(false);
  expect(isAdopted('no stamp', NEVER_OPERATED)).toBe(false);
  expect(isAdopted('no stamp', { ...NEVER_OPERATED, adopted: at(2) })).toBe(false);
});

it('of several the newest counts', () => {
  expect(newestStamp([stamp(1), stamp(3), stamp(2)])).toEqual(stamp(3));
  expect(newestStamp([])).toBeUndefined();
});

describe('as an operation', () => {
  const now = Date.parse(at(30));
  const testers = [
    { range: '192.0.2.1/32', until: at(31) },
    { range: '192.0.2.2/32', until: at(29) },
  ];
  const state: ServiceState = { ...NEVER_OPERATED, allowlist: testers };
  const plannedEnd = '2026-11-22T04:00:00.000Z';

  it('it is the action that leads to what was written, by whoever wrote it, when they wrote it', () => {
    expect(requestOf(stamp(2), 'shop', state, now)).toEqual({
      operationId: 'direct-20261122020002000-shop',
      service: 'shop',
      action: 'enter',
      requestedBy: stamp(2).actor,
      requestedAt: at(2),
      source: { kind: 'break-glass' },
      reason: expect.stringContaining('past the API'),
    });
    expect(requestOf({ ...stamp(2), mode: 'normal' }, 'shop', state, now).action).toBe('exit');
  });

  it('it leaves those testers in whose time has not ended', () => {
    const request = requestOf({ ...stamp(2), mode: 'maintenance-allowlist' }, 'shop', state, now);
    expect(request).toMatchObject({ action: 'enable-allowlist', allowlist: [testers[0]] });
  });

  it('it keeps the planned end while the service is closed', () => {
    expect(requestOf({ ...stamp(2), plannedEnd }, 'shop', state, now)).toMatchObject({ plannedEnd });
    expect(requestOf({ ...stamp(2), plannedEnd, mode: 'normal' }, 'shop', state, now)).not.toHaveProperty('plannedEnd');
  });

  it('its id is as long as an id may be at most', () => {
    expect(requestOf(stamp(2), 'a'.repeat(60), state, now).operationId).toHaveLength(64);
  });
});

describe('the hash in a Description', () => {
  const rules = (revision: number, ranges: readonly string[] = [], note = '') =>
    withContentHash(
      {
        Description: `drawbridge r${revision} maintenance since ${at(0)}${note}`,
        VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'x' },
        Rules: [],
      },
      ranges,
    ).Description;

  it('tells who changed what is there: ours, of the same revision, though of other contents', () => {
    expect(rules(1)).toMatch(/^drawbridge r1 maintenance since \S+ #[0-9a-f]{8}$/);
    expect(rules(1)).toBe(rules(1));
    expect(isEarlierOfOurs(rules(1, ['192.0.2.1/32']), rules(1))).toBe(true);
    expect(isEarlierOfOurs(rules(12, ['192.0.2.1/32']), rules(12))).toBe(true);
    expect(isEarlierOfOurs(rules(1), rules(1))).toBe(false);
    expect(isEarlierOfOurs(rules(2, ['192.0.2.1/32']), rules(1))).toBe(false);
    expect(isEarlierOfOurs(rules(11, ['192.0.2.1/32']), rules(1))).toBe(false);
  });

  it('is somebody else’s where there is none, or more behind it', () => {
    const [there = ''] = rules(1, ['192.0.2.1/32']).split(' #');
    expect(isEarlierOfOurs(there, rules(1))).toBe(false);
    expect(isEarlierOfOurs(`${rules(1, ['192.0.2.1/32'])}0`, rules(1))).toBe(false);
    expect(isEarlierOfOurs(`x${rules(1, ['192.0.2.1/32'])}`, rules(1))).toBe(false);
    expect(isEarlierOfOurs('', '')).toBe(false);
    expect(isEarlierOfOurs(rules(1), there)).toBe(false);
  });
});
