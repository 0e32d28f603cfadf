import { createThrottle, type Quotas, REAL_QUOTAS } from '../../../../local/waf/throttle.ts';

const CALL = { account: '111122223333', region: 'eu-west-1' };

function throttled(mode: Quotas['mode'] = 'bucket') {
  const quotas = { ...REAL_QUOTAS, mode };
  let at = 0;
  const check = createThrottle(quotas, () => at);
  const passes = (operation: string, more: object = {}) => {
    try {
      check({ operation, ...CALL, ...more });
      return true;
    } catch (error) {
      expect(error).toMatchObject({ type: 'ThrottlingException' });
      return false;
    }
  };
  return { passes, later: (ms: number) => (at += ms) };
}

it('takes one write a second of each operation, and five reads', () => {
  const { passes, later } = throttled();
  expect([passes('UpdateRuleGroup'), passes('UpdateRuleGroup'), passes('UpdateIPSet')]).toEqual([true, false, true]);
  expect(Array.from({ length: 6 }, () => passes('GetRuleGroup'))).toEqual([true, true, true, true, true, false]);
  later(999);
  expect(passes('UpdateRuleGroup')).toBe(false);
  later(2);
  expect(passes('UpdateRuleGroup')).toBe(true);
});

it.each(['bucket', 'strict'] as const)('%s: one association in two seconds, and one look-up a second', (mode) => {
  const { passes, later } = throttled(mode);
  const once = ['AssociateWebACL', 'DisassociateWebACL', 'GetWebACLForResource', 'ListResourcesForWebACL'];
  expect(once.map((operation) => passes(operation))).toEqual([true, true, true, true]);
  later(1_000);
  expect(once.map((operation) => passes(operation))).toEqual([false, false, true, true]);
  later(1_000);
  expect([passes('AssociateWebACL'), passes('AssociateWebACL')]).toEqual([true, false]);
});

it('does not save up a quiet hour for a burst', () => {
  const { passes, later } = throttled();
  passes('UpdateRuleGroup');
  later(3_600_000);
  expect([passes('UpdateRuleGroup'), passes('UpdateRuleGroup')]).toEqual([true, false]);
});

it('spaced strictly, takes a read each fifth of a second, and no two at once', () => {
  const { passes, later } = throttled('strict');
  expect([passes('GetRuleGroup'), passes('GetRuleGroup')]).toEqual([true, false]);
  later(199);
  expect(passes('GetRuleGroup')).toBe(false);
  later(1);
  expect(passes('GetRuleGroup')).toBe(true);
  later(3_600_000);
  expect([passes('GetRuleGroup'), passes('GetRuleGroup')]).toEqual([true, false]);
  expect([passes('ListRuleGroups'), passes('UpdateRuleGroup'), passes('UpdateIPSet')]).toEqual([true, true, true]);
});

it('counts accounts and regions apart', () => {
  const { passes } = throttled();
  expect(passes('UpdateRuleGroup')).toBe(true);
  expect(passes('UpdateRuleGroup', { region: 'us-east-1' })).toBe(true);
  expect(passes('UpdateRuleGroup', { account: '444455556666' })).toBe(true);
});
