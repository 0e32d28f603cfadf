import type { ServiceStatus } from '../../../contract/services.ts';
import { statusLines } from '../../../ops/status-lines.ts';

const status = (more: Partial<ServiceStatus>): ServiceStatus => ({
  ...{ service: 'shop', title: 'Shop', mode: 'maintenance', revision: 17, operators: [], drift: [] },
  ...{ since: '2026-11-22T02:00:00.000Z', by: 'release.manager@example.com' },
  targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted' }],
  proof: { state: 'proving', probes: 5, agree: 2, disagree: 3, open: 3, unknown: 0 },
  ...more,
});
const text = (more: Partial<ServiceStatus>) => statusLines([status(more)]).join('\n');

const VERIFIED = { state: 'verified', probes: 5, agree: 5, disagree: 0, open: 0, unknown: 0, verifiedAt: 'V' } as const;

it('says what it is, since when and by whom, if that is proven', () => {
  expect(text({ proof: VERIFIED })).toBe(
    'Shop is closed to everyone (r17) since 2026-11-22T02:00:00.000Z by release.manager@example.com.\n' +
      '  Proven from outside: 5 of 5 probes agreed at V.',
  );
});

it('says what it should be, and what is wrong, if it is not', () => {
  const drift = [{ target: 'REGIONAL/eu-west-1', state: 'bypassed' as const, at: 'T', revision: 17 }];
  const told = text({ proof: VERIFIED, drift, seen: { at: 'S', agree: 0, disagree: 2, unknown: 0 } });
  expect(told).toMatch(/^Shop should be closed to everyone/);
  expect(told).toContain('BYPASSED since T: the rules of REGIONAL/eu-west-1 are right, and yet visitors get in.');
  expect(told).not.toContain('put back');
});

it('claims nothing of a service that nobody ever touched', () => {
  const untouched = { mode: 'normal' as const, revision: 0, since: undefined, by: undefined, targets: [] };
  expect(text(untouched)).toBe('Shop is open to everyone (r0).');
});

it('says that steps will run by themselves: a push or a deployment now would meet them', () => {
  expect(text({ proof: VERIFIED, armed: 2 })).toContain('\n  2 steps are armed and will run by the clock.');
  expect(text({ proof: VERIFIED, armed: 0 })).not.toContain('armed');
});
