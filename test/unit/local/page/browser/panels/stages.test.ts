import { stagesOf } from '../../../../../../local/page/browser/panels/stages.ts';
import type { Hop } from '../../../../../../local/trace.ts';

const hop = (part: Hop['part'], what: string, said: string, ok = true): Hop => ({ at: 1, part, what, said, ok });
const names = (hops: readonly Hop[]) => stagesOf(hops).map(({ name }) => name);

const SYNC = 'POST /rundowns/release-42/sync';
const commit = (what: string): Hop => ({ ...hop('dynamodb', what, '200'), operationId: 'production-00000001' });

const ONE_GO: Hop[] = [
  hop('sheet', 'edit H3 = Go', 'by release.manager@example.com'),
  hop('apps-script', 'onRundownEdit', 'started'),
  hop('sheet', 'write into Rundown row 3', 'Sending…'),
  hop('apps-script', 'POST https://auth.example.com/oauth2/token', '200'),
  hop('cognito', 'POST /oauth2/token', '200, a token for an hour'),
  hop('gateway', SYNC, '200'),
  hop('gateway', 'token check', 'valid; needs drawbridge/operate'),
  hop('dynamodb', 'TransactWriteItems RUNDOWN#release-42 SHEET, RUNDOWN#release-42 STEP#000001', '200'),
  commit('TransactWriteItems SERVICE#shop STATE, SERVICE#shop PROOF#00000001, OPERATION#production-00000001 OPERATION'),
  hop('waf', 'GetRuleGroup drawbridge-shop (us-east-1)', 'done'),
  hop('waf', 'UpdateRuleGroup drawbridge-shop (us-east-1)', 'done'),
  hop('dynamodb', 'TransactWriteItems SERVICE#shop PROOF#00000001, SERVICE#shop STATE', '200'),
  hop('sheet', 'write into Rundown row 3', 'Running · Closing Shop…'),
  hop('gateway', SYNC, '200'),
  hop('gateway', 'token check', 'valid; needs drawbridge/operate'),
  hop('probe', 'shop at CLOUDFRONT/us-east-1', '503 r1'),
  hop('probe', 'shop at REGIONAL/eu-west-1', '200'),
  hop('sheet', 'write into Rundown row 3', 'Done · Shop is closed to everyone'),
  hop('apps-script', 'onRundownEdit', 'ended after 30 calls'),
];

test('one Go is told as the stages of its way, each once', () => {
  expect(names(ONE_GO)).toEqual([
    'Edit',
    'Trigger',
    'Claim',
    'Token',
    'Gateway',
    'Token check',
    'Commit',
    'WAF',
    'Write-back',
    'Probes',
    'Write-back',
    'Script',
  ]);
});

test('the probes of one run are told together, each with what it saw', () => {
  const probes = stagesOf(ONE_GO).find(({ name }) => name === 'Probes');
  expect(probes?.said).toBe('CLOUDFRONT/us-east-1 503 r1 · REGIONAL/eu-west-1 200');
});

test('a token that is still in the cache is told as such', () => {
  expect(stagesOf([hop('apps-script', 'Cache.get token:production', 'found')])).toMatchObject([
    { name: 'Token', said: 'from the cache' },
  ]);
  expect(names([hop('apps-script', 'Cache.get token:production', 'nothing')])).toEqual([]);
});

test('a failure is marked at its own stage, in words', () => {
  const hops = [
    ...ONE_GO.slice(0, 5),
    hop('gateway', SYNC, '503 TRY_AGAIN Others keep changing this release sheet just now.', false),
  ];
  expect(stagesOf(hops).filter(({ ok }) => !ok)).toMatchObject([
    { name: 'Gateway', said: expect.stringContaining('Others keep changing this release sheet just now.') },
  ]);
});

test('a refusal is marked where the server decided it, and where the row says why', () => {
  const hops = [
    ...ONE_GO.slice(0, 8),
    commit('TransactWriteItems OPERATION#production-00000001 OPERATION, SERVICE#shop AUDIT#2026'),
    hop('sheet', 'write into Rundown row 3', 'Failed · intern@example.com is not an operator of Shop.'),
  ];
  expect(stagesOf(hops).filter(({ ok }) => !ok)).toMatchObject([
    { name: 'Commit', said: 'refused: nothing was changed' },
    { name: 'Write-back', said: expect.stringContaining('intern@example.com is not an operator of Shop.') },
  ]);
});

test('a stale lock token is told as what it means', () => {
  const update = 'UpdateRuleGroup drawbridge-shop (us-east-1)';
  const [stage] = stagesOf([hop('waf', update, 'WAFOptimisticLockException', false)]);
  expect(stage?.said).toContain('somebody else changed the rules in between');
  expect(stage?.ok).toBe(false);
});

test('a refused second look is told, an answered one is not', () => {
  const again = hop('gateway', SYNC, '503 TRY_AGAIN later', false);
  expect(names([...ONE_GO.slice(0, 6), again])).toEqual([...names(ONE_GO.slice(0, 6)), 'Gateway']);
});

test('what the script writes into its boards and its heartbeat is no stage of the operation', () => {
  const boards = [
    hop('sheet', 'write into Services row 2', 'shop'),
    hop('sheet', 'write into Drawbridge row 4', 'Boards good until'),
    hop('sheet', 'write into Rundown row 3', 'Mon Nov 23 2026 03:41:55 GMT+0000 (Coordinated Universal Time)'),
  ];
  expect(names([...ONE_GO, ...boards])).toEqual(names(ONE_GO));
});

test('what was picked on the board of services is followed there', () => {
  const hops = [
    hop('sheet', 'write into Services row 2', 'Running'),
    hop('sheet', 'write into Services row 2', 'Done'),
    hop('sheet', 'write into Rundown row 2', 'Planned'),
  ];
  expect(stagesOf(hops).map(({ said }) => said)).toEqual(['Services row 2 says Running', 'Services row 2: Done']);
});
