import { jest } from '@jest/globals';
import { PLATFORM_FAULTS } from '../../local/apps-script-runtime/fault-injection.ts';
import { stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { go, startTestStack } from '../stack.ts';

jest.setTimeout(90_000);

let stack: Stack;
beforeAll(async () => {
  // A second copy of an event is a second sync, maybe in another Lambda, which reads for itself.
  stack = await startTestStack({ faultInjection: { ...PLATFORM_FAULTS, doubleEvent: 0 } });
});
afterAll(() => stack?.close());

/** What the Lambdas asked of WAF meanwhile, by operation. */
async function callsDuring(act: () => Promise<unknown>): Promise<string[]> {
  const before = stack.waf.calls().length;
  await act();
  return stack.waf
    .calls()
    .slice(before)
    .map(({ operation }) => operation);
}

it('an enter costs one get and one update per target, and a second one no update', async () => {
  const first = await callsDuring(() => go(stack, 'payments', 'Enter maintenance'));
  expect(first).toEqual(['ListRuleGroups', 'GetRuleGroup', 'UpdateRuleGroup']);

  expect(await callsDuring(() => go(stack, 'payments', 'Enter maintenance'))).toEqual(['GetRuleGroup']);
  expect(stepOf(stack, 'payments', 'Enter maintenance').value('Status')).toBe('Done');
});
