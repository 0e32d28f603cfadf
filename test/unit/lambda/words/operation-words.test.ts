import { describeOperation, type OperationFacts } from '../../../../lambda/src/words/operation-words.ts';

const SOME = { probes: 5, agree: 3, disagree: 2, open: 2, unknown: 0, checkedAt: '2026-11-22T02:15:40Z' } as const;
const ALL = { probes: 5, agree: 5, disagree: 0, open: 0, unknown: 0, checkedAt: '2026-11-22T02:15:40Z' } as const;
const options = { formatTime: (iso: string) => iso.slice(11, 19) };

const factsOf = (more: Partial<OperationFacts>): OperationFacts => ({
  operationId: 'op-7f3a',
  service: 'checkout',
  title: 'Checkout',
  action: 'enter',
  mode: 'maintenance',
  state: 'accepted',
  changed: true,
  revision: 17,
  requestedBy: 'release.manager@example.com',
  requestedAt: '2026-11-22T02:14:00Z',
  committedAt: '2026-11-22T02:14:07Z',
  source: { kind: 'sheet', step: '12' },
  targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted' }],
  proof: { state: 'proving', ...SOME },
  ...more,
});
const say = (more: Partial<OperationFacts>, unproven = false) =>
  describeOperation(factsOf(more), { ...options, unproven });

describe('what a release manager reads', () => {
  it('of a way back nothing where it was seen open: only where nobody knows', () => {
    const proof = { state: 'proving', ...SOME, agree: 0, disagree: 5, open: 5 } as const;
    const told = (one: Partial<OperationFacts>) =>
      describeOperation(factsOf(one), { ...options, unproven: true, wayBack: 'To open again: step 8.' });
    expect(told({ proof })).not.toContain('To open again');
    expect(told({})).toContain('To open again: step 8.');
  });

  it('while probes still get in: how many, when, and to keep the hands off', () => {
    expect(say({})).toBe(
      'Closing Checkout… the firewall accepted the change; 2 of 5 probes still got in (02:15:40). ' +
        'Do not start the deployment. (op-7f3a)',
    );
  });

  it('while testers are shut out: that, and that they may still get in', () => {
    expect(say({ action: 'disable-allowlist' })).toBe(
      'Shutting the testers out: Checkout… the firewall accepted the change; 2 of 5 probes still got in (02:15:40). ' +
        'Do not go on with the deployment: testers may still get in. (op-7f3a)',
    );
    expect(say({ action: 'disable-allowlist', state: 'pending' })).toBe(
      'Shutting the testers out: Checkout… (op-7f3a)',
    );
  });

  it('when proof takes too long: that nobody knows, and whom to call with what', () => {
    expect(say({}, true)).toMatch(
      /^We don't know whether Checkout is closed\..*on-call engineer.*op-7f3a \(UNPROVEN\)/,
    );
  });

  it('when proof takes too long and every probe got in: that it is open', () => {
    const proof = { state: 'proving' as const, ...SOME, agree: 0, disagree: 5, open: 5, unknown: 0 };
    expect(say({ proof }, true)).toMatch(/^Checkout is open to the public\..*5 of 5 probes still got in/);
  });

  it('when a firewall has not taken it: where, and the code to quote', () => {
    const targets = [
      { target: 'REGIONAL/eu-west-1', state: 'accepted' as const },
      { target: 'CLOUDFRONT/us-east-1', state: 'pending' as const, code: 'RULE_GROUP_BUSY' },
    ];
    const told = say({ state: 'pending', targets });
    expect(told).toMatch(/^Checkout is not closed everywhere yet: the firewall of CLOUDFRONT\/us-east-1 /);
    expect(told).toContain('Do not start the deployment.');
    expect(told).toContain('quote op-7f3a (RULE_GROUP_BUSY)');
  });

  it('while others are written first: that it waits for its turn, and no alarm', () => {
    const targets = [{ target: 'REGIONAL/eu-west-1', state: 'pending' as const, code: 'WAITS_FOR_TURN' }];
    expect(say({ state: 'pending', targets })).toBe(
      'Closing Checkout… it waits for its turn, as the firewall takes one change a second. ' +
        'Do not start the deployment. (op-7f3a)',
    );
  });

  it.each([
    ['maintenance', 'Checkout is closed to everyone (all 5 probes'],
    ['maintenance-allowlist', 'Checkout is closed to the public; the rule that lets testers in is live (all 5 probes'],
    ['normal', 'Checkout is open to everyone ('],
  ] as const)('once %s is proven: the state first, by how many probes and when', (mode, first) => {
    const told = say({ state: 'verified', mode, proof: { state: 'verified', ...ALL } });
    expect(told.startsWith(first)).toBe(true);
    expect(told).toContain('checked 02:15:40');
  });

  it('when maintenance is gone but the site itself is ill: both, and not that it is open', () => {
    const proof = { state: 'verified' as const, ...ALL, siteStatuses: [200, 502] };
    const told = say({ state: 'verified', mode: 'normal', proof });
    expect(told).toMatch(/^Maintenance is removed, but Checkout itself answers 502\. Call its team/);
    expect(told).not.toContain('open to everyone');
  });

  it('when a probe got no answer: that it got none, not that it was kept out', () => {
    expect(say({ proof: { state: 'proving', ...SOME, agree: 4, disagree: 0, open: 0, unknown: 1 } })).toContain(
      '1 of 5 probes got no answer at all',
    );
  });

  it('where nobody probes: that nobody did', () => {
    const told = say({ proof: { state: 'none', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 } });
    expect(told).toContain('nobody checks Checkout from outside');
    expect(told).not.toMatch(/is closed to everyone/);
  });

  it('when another step overtook it: which, and by whom', () => {
    const supersededBy = { operationId: 'op-8', step: '14', by: 'duty.manager@example.com' };
    expect(say({ state: 'superseded', supersededBy })).toContain('step 14 (duty.manager@example.com)');
  });

  it('when it was so already: that nothing had to be changed', () => {
    const told = say({ state: 'verified', changed: false, proof: { state: 'verified', ...ALL } });
    expect(told).toContain('nothing had to be changed');
  });

  it('after a refusal: the remedy, and that nothing was changed', () => {
    const problem = { code: 'ILLEGAL_MOVE', message: 'Set Disable allowlist to Go.' };
    expect(say({ state: 'refused', problem })).toBe('Set Disable allowlist to Go. Nothing was changed. (op-7f3a)');
  });
});
