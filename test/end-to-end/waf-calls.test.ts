import { setTimeout as sleep } from 'node:timers/promises';
import { createInvokeFunction } from '../../lambda/src/invoke/invoke-function.ts';
import { PLATFORM_FAULTS } from '../../local/apps-script-runtime/fault-injection.ts';
import { stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { go, startTestStack } from '../stack.ts';

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

it('an invocation that is made to drive on runs in the API’s function, and finds nothing left', async () => {
  const { api } = stack.deployments.production ?? {};
  const credentials = { accessKeyId: 'production', secretAccessKey: 'local' };
  const settings = { functionName: api?.name ?? '', region: 'eu-west-1', credentials, endpoint: stack.lambda.url };
  await createInvokeFunction(settings)({ drive: 0 });
  const said = () => api?.logs().find((line) => line.includes('driven on'));
  for (let attempt = 0; attempt < 100 && !said(); attempt += 1) await sleep(100);
  expect(JSON.parse(said() ?? '{}')).toMatchObject({ isOurs: true, left: [] });
  await expect(createInvokeFunction({ ...settings, functionName: 'another' })({ drive: 0 })).rejects.toThrow('404');
});
