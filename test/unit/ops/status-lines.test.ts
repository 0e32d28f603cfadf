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

it('says what it is, since when and by whom', () => {
  expect(text({})).toContain(
    'Shop is closed to everyone (r17) since 2026-11-22T02:00:00.000Z by release.manager@example.com.',
  );
});

it.each<[string, Partial<ServiceStatus>, string]>([
  ['accepted', {}, 'Accepted, not proven: 2 of 5 probes agree'],
  ['proven', { proof: { ...status({}).proof, state: 'verified', verifiedAt: 'V' } }, 'Proven from outside at V'],
  ['never probed', { proof: { ...status({}).proof, state: 'none' } }, 'Nobody proves it'],
  [
    'not there yet',
    { targets: [{ target: 'REGIONAL/eu-west-1', state: 'pending', code: 'RULE_GROUP_BUSY' }] },
    'Not there yet: REGIONAL/eu-west-1 (RULE_GROUP_BUSY)',
  ],
  [
    'contested',
    { drift: [{ target: 'REGIONAL/eu-west-1', state: 'contested', at: 'T', revision: 17 }] },
    'A person must decide',
  ],
])('never takes one claim for another: %s', (_what, more, words) => {
  expect(text(more)).toContain(words);
});

it('claims nothing of a service that nobody ever touched', () => {
  const untouched = { mode: 'normal' as const, revision: 0, since: undefined, by: undefined, targets: [] };
  expect(text(untouched)).toBe('Shop is open to everyone (r0).');
});
