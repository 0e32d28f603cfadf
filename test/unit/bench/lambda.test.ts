import { beforeWrite, type Call, depthOf } from '../../../bench/lambda/calls.ts';
import { packageOf } from '../../../bench/lambda/size.ts';

const call = (operation: string, from: number, to: number): Call => ({ service: 'dynamodb', operation, from, to });

it('calls at the same time count as one of those that come one after the other', () => {
  const calls = [call('a', 0, 5), call('b', 1, 7), call('c', 7, 9), call('d', 8, 12)];
  expect([depthOf(calls), depthOf(calls.slice(0, 2)), depthOf([])]).toEqual([2, 1, 0]);
});

it('what comes before a write is what has ended by then', () => {
  const write = call('UpdateRuleGroup', 10, 12);
  const calls = [call('a', 0, 5), call('b', 6, 11), write, call('c', 13, 14)];
  expect(beforeWrite(calls).map(({ operation }) => operation)).toEqual(['a']);
});

it.each([
  ['lambda/src/api-handler.ts', 'Drawbridge'],
  ['node_modules/zod/v4/core/core.js', 'zod'],
  ['node_modules/@aws-sdk/core/node_modules/@smithy/types/dist-es/index.js', '@smithy/types'],
])('%s is counted as %s', (path, name) => {
  expect(packageOf(path)).toBe(name);
});
