import { claimOf, mendedWords, modeWords } from '../../../../../local/page/browser/service-words.ts';

type Told = Parameters<typeof claimOf>[0];

const CLOSED: Told = {
  mode: 'maintenance',
  revision: 17,
  proof: {
    state: 'verified',
    probes: 5,
    agree: 5,
    disagree: 0,
    open: 0,
    unknown: 0,
    verifiedAt: '2026-11-22T02:00:43Z',
  },
  targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted' }],
  drift: [],
};
const told = (more: Partial<Told>) => {
  const claim = claimOf({ ...CLOSED, ...more }, (at) => at.slice(11, 19));
  return `${modeWords(more.mode ?? CLOSED.mode, claim)} ${claim.text}`;
};

describe('what is said about a service', () => {
  it('calls it closed only when the probes have proven it', () => {
    expect(told({})).toBe('Closed Proven from outside at 02:00:43: 5 of 5 probes agree.');
    const proving = { state: 'proving', probes: 5, agree: 2, disagree: 2, open: 1, unknown: 1 } as const;
    expect(told({ proof: proving })).toBe(
      'Closing… Not proven yet: 2 of 5 probes agree, 1 still get in, 1 do not see it yet, 1 got no answer.',
    );
    expect(told({ proof: { ...proving, probes: 0 } })).toMatch(/^Closing… .*Not proven yet/);
  });

  it('does not let an old proof speak for a target that has not taken the change', () => {
    const pending = { target: 'CLOUDFRONT/us-east-1', state: 'pending', code: 'RULE_GROUP_BUSY' } as const;
    expect(told({ targets: [...CLOSED.targets, pending] })).toBe(
      'Closing… Not yet: the firewall at CLOUDFRONT/us-east-1 has not taken it (RULE_GROUP_BUSY).',
    );
  });

  it('never claims proof where nobody probes', () => {
    const none = { state: 'none', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 } as const;
    expect(told({ proof: none, mode: 'normal' })).toBe('Opening… The firewall took it. Nobody probes this service.');
  });

  it('calls for a person when somebody else keeps undoing it', () => {
    const drift = [
      { target: 'REGIONAL/eu-west-1', state: 'contested', at: '2026-11-22T02:10:00Z', revision: 17 },
    ] as const;
    expect(told({ drift: [...drift] })).toMatch(/^Closing… Somebody else .*on-call engineer\.$/);
  });

  it('says of the testers only that their rule is live: the probes are no testers', () => {
    expect(told({ mode: 'maintenance-allowlist' })).toMatch(
      /^Testers only Proven .*The rule that lets testers in is live\.$/,
    );
  });

  it('tells a removed maintenance from a site that is well', () => {
    const proof = { ...CLOSED.proof, siteStatuses: [200, 502, 502] };
    expect(told({ mode: 'normal', proof })).toMatch(
      /^Open Proven .*But the site itself answers 502\. Call its team\.$/,
    );
  });

  it('says that an untouched service is open without claiming a proof', () => {
    expect(told({ mode: 'normal', revision: 0 })).toBe('Open Drawbridge has not changed it yet.');
  });

  it('does not call a service closed that visitors get into past the rules', () => {
    const bypassed = {
      target: 'REGIONAL/eu-west-1',
      state: 'bypassed',
      at: '2026-11-22T02:31:00Z',
      revision: 17,
    } as const;
    expect(told({ drift: [bypassed] })).toMatch(
      /^Closing… Visitors get in past .* at REGIONAL\/eu-west-1 \(seen at 02:31:00\)/,
    );
  });

  it('tells the last look from outside, if it is newer than the proof', () => {
    const seen = { at: '2026-11-22T02:31:00Z', agree: 2, disagree: 0, unknown: 1 };
    expect(told({ seen })).toMatch(/agree\. Looked again at 02:31:00: 2 of 3 agree, 1 got no answer\.$/);
    expect(told({ seen: { ...seen, at: '2026-11-22T02:00:00Z' } })).not.toContain('Looked again');
  });

  it('says what somebody else changed and was put right', () => {
    const repaired = {
      target: 'REGIONAL/eu-west-1',
      state: 'repaired',
      at: '2026-11-22T02:31:00Z',
      revision: 17,
    } as const;
    expect(mendedWords({ drift: [repaired] }, (at) => at.slice(11, 19))).toContain('at REGIONAL/eu-west-1 (02:31:00)');
    expect(mendedWords(CLOSED, (at) => at)).toBeUndefined();
  });
});
