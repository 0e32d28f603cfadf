import { NEVER_OPERATED } from '../../../../lambda/src/model/service-state.ts';
import { type Foreseen, foresee } from '../../../../lambda/src/operate/foresee.ts';
import { type Examined, factsOf } from '../../../../lambda/src/operate/rehearsal-facts.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { environmentOf, NOW, PAGES, requestOf } from '../../../builders.ts';

/** What a rehearsal tells, of what it found. */

const environment = environmentOf({ allowlist: [] });
const [service] = environment.services;
if (!service) throw new Error('the test has no service');
const HERE = 'REGIONAL/eu-west-1';
const EDGE = 'CLOUDFRONT/us-east-1';

const examined = (more: Partial<Examined> = {}): Examined => ({
  targets: [HERE, EDGE].map((target) => ({
    target,
    capacity: 250,
    setArns: { 4: 'four', 6: 'six' },
    description: '',
    rules: 0,
  })),
  pages: [],
  ...more,
});
function facts(request: Parameters<typeof requestOf>[0] = {}, found = examined(), state = NEVER_OPERATED) {
  if (!service) throw new Error('the test has no service');
  const foreseen = foresee(environment, { request: requestOf(request), service, state, at: NOW });
  return factsOf(foreseen as Foreseen, found, { config: environment, pages: PAGES });
}
const closed = { ...NEVER_OPERATED, mode: 'maintenance' as const };

it('tells whether anything would change, and until when', () => {
  const plannedEnd = new Date(NOW + 3_600_000).toISOString();
  expect(facts({ plannedEnd })).toMatchObject({
    action: 'enter',
    changed: true,
    targets: 2,
    groupsRead: 2,
    plannedEnd,
  });
  expect(facts({ action: 'exit' })).toMatchObject({ changed: false, plannedEnd: undefined, faults: [] });
});

it('tells what the pages answered, and of those that did not', () => {
  const page = (url: string, seen: object) => ({ target: HERE, url, seen }) as never;
  const pages = [page('/a', { kind: 'answered', status: 200 }), page('/b', { kind: 'unknown', why: 'TIMEOUT' })];
  const told = facts({}, examined({ pages }));
  expect(told.probes).toBe(2);
  expect(told.statuses).toStrictEqual([200]);
  expect(told.faults).toMatchObject([{ target: HERE, message: expect.stringContaining('/b') }]);
});

it('weighs the rules that would be written, with the sets that they would need, and names the target with least room', () => {
  const weight = (...allowlist: string[]) =>
    facts({ action: 'enable-allowlist', allowlist }, examined(), closed).capacity?.needed ?? 0;
  const [four, six, both] = [weight('192.0.2.1'), weight('2001:db8::1'), weight('192.0.2.1', '2001:db8::1')];
  expect(four).toBe(six);
  expect(both).toBe(four + 2);
  expect(
    facts({ action: 'enable-allowlist', allowlist: ['192.0.2.1', '2001:db8::1'] }, examined(), closed).ranges,
  ).toBe(2);
  expect(facts().ranges).toBe(0);
  expect(facts().capacity?.needed).toBeLessThan(four);
});

it('counts nobody who is let in for good, where nobody is let in', () => {
  const [open] = environmentOf({ allowlist: ['192.0.2.0/28'] }).services;
  if (!open) throw new Error('the test has no service');
  const foreseen = foresee(environment, { request: requestOf(), service: open, state: NEVER_OPERATED, at: NOW });
  expect(factsOf(foreseen as Foreseen, examined(), { config: environment, pages: PAGES }).ranges).toBe(0);
});

it('tells of a group that is too small, just where it is', () => {
  const needed = facts().capacity?.needed ?? 0;
  const of = (capacity: number) => {
    const { targets } = examined();
    return facts({}, examined({ targets: targets.map((one) => (one.target === EDGE ? { ...one, capacity } : one)) }))
      .faults;
  };
  expect(of(needed)).toEqual([]);
  expect(of(needed - 1)).toMatchObject([{ code: 'TOO_MANY_WCU', target: EDGE }]);
});

it('tells of what could not be read, and weighs the others', () => {
  const place = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
  const { targets } = examined();
  const found = (count: number) =>
    examined({
      targets: targets.map((one, at) => (at < count ? { ...one, error: RuleGroupError.missing(place, 'it') } : one)),
    });
  expect(facts({}, found(1))).toMatchObject({ groupsRead: 1, faults: [{ code: 'RULE_GROUP_MISSING', target: HERE }] });
  expect(facts({}, found(1))).toHaveProperty('capacity');
  expect(facts({}, found(2))).not.toHaveProperty('capacity');
});
