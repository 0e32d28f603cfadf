/**
 * Twenty services that are closed in one breath, by the built bundles, at the rates that WAF publishes: one write a second.
 * As for `lambda-bundle.test.ts` environment variables lead it elsewhere; WAF_RATES=strict wants the calls spaced evenly.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetRuleGroupCommand } from '@aws-sdk/client-wafv2';
import { PROTOCOL } from '../../contract/sync.ts';
import type { SyncRequest } from '../../contract/sync-request.ts';
import { type Deployment, OPERATOR, startDeployment, tick } from './lambda-bundle/deployment.ts';
import type { Instance } from './lambda-bundle/instance.ts';

const COUNT = 20;
const LONGEST_MS = 180_000;

let deployment: Deployment;
let api: Instance;
let reconciler: Instance;
beforeAll(async () => {
  deployment = await startDeployment(COUNT);
  [api, reconciler] = await Promise.all([deployment.start('api'), deployment.start('reconcile')]);
}, LONGEST_MS);
afterAll(() => deployment?.close(), LONGEST_MS);

/** All that a person set to Go in one paste. */
function edit(): SyncRequest {
  const at = new Date().toISOString();
  const blank = { result: '', started: '', finished: '', by: '', operation: '' };
  const steps = deployment.services.map((service, index) => ({
    ...{ row: index + 2, step: String(index + 1), plannedStart: { text: '' }, service, action: 'Enter maintenance' },
    ...{ status: 'Go', ...blank },
  }));
  const rows = steps.map(({ row }) => row);
  return {
    ...{ protocol: PROTOCOL, syncId: randomUUID(), readAt: at, cause: 'edit', namesHash: '', steps },
    sheet: { name: 'Release 42', timeZone: 'Etc/UTC', locale: 'en_GB' },
    edit: { tab: 'rundown', by: OPERATOR, typed: 'Go', coversStatus: true, coversPlan: false, seenAt: at, rows },
  };
}

const NAME =
  'twenty Gos of one edit close at WAF’s own pace, no call of ours is throttled, and rows say that they wait';

it(NAME, async () => {
  const { passage, places, sync } = deployment;
  const from = performance.now();
  const { rows } = await sync(api, 'release-42', edit());
  expect(rows.map(({ cells }) => cells.status)).not.toContain('Failed');
  expect(rows.filter(({ cells }) => cells.result?.includes('waits for its turn')).length).toBeGreaterThan(COUNT / 2);
  // Whoever drives already is not disturbed: then a later minute goes on.
  const written = () =>
    passage.passed.filter(({ operation, status }) => operation === 'UpdateRuleGroup' && status === 200);
  for (let minutes = 0; minutes < 20 && written().length < COUNT; minutes += 1) {
    await tick(reconciler);
    await sleep(1_000);
  }
  const seconds = ((performance.now() - from) / 1_000).toFixed(1);
  for (const { group } of places.switches) {
    await places.pause();
    const { RuleGroup } = await places.waf.send(new GetRuleGroupCommand(group));
    expect(RuleGroup?.Description).toMatch(/^drawbridge r1 maintenance since /);
  }
  const calls = passage.passed.filter(({ service }) => service === 'wafv2');
  const count = (name: string) => calls.filter(({ operation }) => operation === name).length;
  console.info(
    `${COUNT} services closed in ${seconds} s: ${count('GetRuleGroup')} reads, ${count('UpdateRuleGroup')} writes, ` +
      `${count('ListRuleGroups') + count('ListIPSets')} list pages`,
  );
  expect(calls.filter(({ refusal }) => refusal === 'ThrottlingException')).toEqual([]);
  expect(count('UpdateRuleGroup')).toBe(COUNT);
  // Each time that the driving is handed on, a group or two are read again.
  expect(count('GetRuleGroup')).toBeLessThanOrEqual(2 * COUNT);
}, 180_000);
