import type { ServiceStatus } from '../../../../../../contract/services.ts';
import { claimOf } from '../../../../../../local/page/browser/panels/service-words.ts';

const NOW = Date.parse('2026-11-22T02:01:00Z');
const VERIFIED = {
  state: 'verified',
  probes: 5,
  agree: 5,
  disagree: 0,
  open: 0,
  unknown: 0,
  verifiedAt: '02:00:43',
} as const;
const PROVING = {
  state: 'proving',
  probes: 5,
  agree: 2,
  disagree: 3,
  open: 3,
  unknown: 0,
  checkedAt: '02:00:43',
} as const;

const claim = (more: Partial<ServiceStatus> = {}) => {
  const status: ServiceStatus = {
    ...{ service: 'shop', title: 'Shop', mode: 'maintenance', revision: 17, operators: [], drift: [], proof: VERIFIED },
    targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted', at: '2026-11-22T02:00:30Z' }],
    ...more,
  };
  return claimOf(status, NOW, (at) => at);
};

test('what is said of a service is what the board says, as loud as it has to be', () => {
  expect(claim()).toEqual({
    word: 'Closed',
    text: 'Proven from outside: 5 of 5 probes agreed at 02:00:43.',
    level: 'proven',
  });
  expect(claim({ proof: PROVING })).toMatchObject({ word: 'Closing…', level: 'unproven' });
  expect(claim({ proof: { ...PROVING, state: 'none' } })).toMatchObject({
    word: 'Closed, unchecked',
    level: 'unproven',
  });
  expect(claim({ mode: 'normal', revision: 0, targets: [] })).toMatchObject({ word: 'Open', level: 'untouched' });
  expect(claim({ mode: 'normal', proof: { ...VERIFIED, siteStatuses: [502] } })).toMatchObject({
    word: 'Open',
    level: 'broken',
  });
  const seen = { at: '02:00:55', agree: 0, disagree: 2, unknown: 0 };
  expect(claim({ seen })).toMatchObject({ word: 'In doubt', level: 'trouble' });
});
