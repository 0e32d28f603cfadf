import type { ServiceStatus } from '../../../../contract/services.ts';
import { UNPROVEN_AFTER_MS } from '../../../../contract/timing.ts';
import { knownOf, modeWord } from '../../../../lambda/src/words/service-words.ts';

const TAKEN_AT = Date.parse('2026-11-22T02:00:00Z');
const PROVING = { state: 'proving', probes: 5, agree: 2, disagree: 3, open: 3, unknown: 0, checkedAt: 'C' } as const;
const VERIFIED = { state: 'verified', probes: 5, agree: 5, disagree: 0, open: 0, unknown: 0, verifiedAt: 'V' } as const;
const taken = { target: 'REGIONAL/eu-west-1', state: 'accepted', at: new Date(TAKEN_AT).toISOString() } as const;
const drifted = (state: 'repaired' | 'contested' | 'bypassed') => [
  { target: 'REGIONAL/eu-west-1', state, at: 'T', revision: 17 },
];

const status = (more: Partial<ServiceStatus>): ServiceStatus => ({
  ...{ service: 'shop', title: 'Shop', mode: 'maintenance', revision: 17, operators: [], drift: [] },
  targets: [taken],
  proof: VERIFIED,
  ...more,
});

it.each<[string, Partial<ServiceStatus>, string, string]>([
  ['proven', {}, 'Closed', 'Proven from outside: 5 of 5 probes agreed at V.'],
  ['proven and open', { mode: 'normal' }, 'Open', 'Proven from outside'],
  [
    'open, but its site is ill',
    { mode: 'normal', proof: { ...VERIFIED, siteStatuses: [502, 502] } },
    'Open',
    'answers 502.',
  ],
  ['for testers', { mode: 'maintenance-allowlist' }, 'Testers only', 'The rule that lets testers in is live.'],
  ['never touched', { mode: 'normal', revision: 0, targets: [] }, 'Open', 'has never closed it'],
  ['being proven', { proof: PROVING }, 'Closing…', 'not proven yet: 3 of 5 probes did not see it at C'],
  ['taken a moment ago', { proof: { ...PROVING, checkedAt: undefined } }, 'Closing…', 'first probes are on their way'],
  [
    'not taken',
    { proof: PROVING, targets: [{ target: 'REGIONAL/eu-west-1', state: 'pending', code: 'FIREWALL_BUSY' }] },
    'Closing…',
    'the firewall of REGIONAL/eu-west-1 (FIREWALL_BUSY) has not taken it',
  ],
  ['checked by nobody', { proof: { ...PROVING, state: 'none' } }, 'Closed, unchecked', 'nobody checks it from outside'],
  [
    'seen open since',
    { seen: { at: 'S', agree: 0, disagree: 2, unknown: 0 } },
    'In doubt',
    '2 of 2 probes did not see it so at S',
  ],
  ['seen so since', { seen: { at: 'S', agree: 2, disagree: 0, unknown: 0 } }, 'Closed', 'Seen so at S.'],
  ['repaired', { drift: drifted('repaired') }, 'Closed', 'they were put back at T'],
  ['contested', { drift: drifted('contested') }, 'In doubt', 'CONTESTED since T'],
  ['bypassed', { drift: drifted('bypassed') }, 'In doubt', 'BYPASSED since T'],
])('says of a service that is %s no more than was checked', (_what, more, word, words) => {
  expect(modeWord(status(more), TAKEN_AT + 1_000)).toBe(word);
  expect(knownOf(status(more), { now: TAKEN_AT, formatTime: (iso) => iso }).join(' ')).toContain(words);
});

it('says nothing in the present tense of a proof that was before a doubt', () => {
  const testers = status({ mode: 'maintenance-allowlist', drift: drifted('contested') });
  const told = knownOf(testers, { now: TAKEN_AT, formatTime: (iso) => iso }).join(' ');
  expect(told).toContain('Before that it was proven from outside: 5 of 5 probes agreed at V.');
  expect(told).not.toContain('is live');
});

it('is in doubt about what should long be proven', () => {
  expect(modeWord(status({ proof: PROVING }), TAKEN_AT + UNPROVEN_AFTER_MS)).toBe('Closing…');
  expect(modeWord(status({ proof: PROVING }), TAKEN_AT + UNPROVEN_AFTER_MS + 1)).toBe('In doubt');
});
