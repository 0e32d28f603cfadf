import { readdir, readFile } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { MAX_BODY_BYTES } from '../../../../contract/operation.ts';
import { formatDirectStamp } from '../../../../contract/stamp.ts';
import config from '../../../../docs/examples/full.config.ts';
import { createNotify } from '../../../../lambda/src/notify/sns.ts';
import { commitOperation } from '../../../../lambda/src/operate/commit-operation.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { runDueSteps } from '../../../../lambda/src/schedule/run-due-steps.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import { createTable } from '../../../../lambda/src/store/table.ts';
import { createRuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';
import { createTable as createLocalTable, startDynamodb } from '../../../../local/dynamodb/start.ts';
import { startSns } from '../../../../local/sns/start.ts';
import { createTestEnvironment, OPERATOR, requestOf, type TestEnvironment } from '../../../builders.ts';
import { committedPages } from '../../../committed-pages.ts';
import { checkRequest } from '../../../requests/check-request.ts';
import { LIMITS } from '../../../requests/documented-limits.ts';
import { type Item, itemBytes } from '../../../requests/dynamodb-rules.ts';
import { type Recorded, recordRequests } from '../../../requests/record-requests.ts';
import { line, Terminal } from '../rundown/terminal.ts';

/**
 * What the Lambda sends to AWS, request by request, against the SDK's own model and AWS's documentation; not against our
 * local servers, which could be wrong in the same way as the code.
 */

type Dependencies = TestEnvironment['deps'];

const MINUTE_MS = 60_000;
/** As many as fit into the body of a request. */
const MOST_TESTERS = 850;
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:drawbridge-production';
const CREDENTIALS = { accessKeyId: 'production', secretAccessKey: 'local' };
const REGION = 'eu-west-1';
const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: REGION } as const;
const SOURCE = new URL('../../../../lambda/src/', import.meta.url);

/** Lets a night be played in an environment of its own. @returns All requests of its Lambda. */
async function nightOf(
  service: object,
  play: (env: TestEnvironment, deps: Dependencies) => Promise<void>,
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  // In a test environment, the rule groups are the shop's.
  const env = await createTestEnvironment({ service: { ...service, name: 'shop' } });
  const { clock } = env;
  const publishers = [{ environment: 'production', accessKeyId: CREDENTIALS.accessKeyId, topicArn: TOPIC }];
  const sns = await startSns({ clock: { now: () => clock.now }, publishers });
  const dynamodb = await startDynamodb();
  await createLocalTable(dynamodb.url, 'drawbridge');
  const database = new DynamoDBClient({ endpoint: dynamodb.url, region: REGION, credentials: CREDENTIALS });
  const notifier = new SNSClient({ region: REGION, endpoint: sns.url, credentials: CREDENTIALS });
  const client = recordRequests('dynamodb', database, recorded);
  const table = createTable('drawbridge', { ...env.deps, client });
  const deps: Dependencies = {
    ...env.deps,
    pages: await committedPages(),
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups: createRuleGroupStore(env.deps, (region) => recordRequests('wafv2', env.otherClient(region), recorded)),
    notify: createNotify(TOPIC, recordRequests('sns', notifier, recorded)),
  };
  try {
    await play(env, deps);
    return recorded;
  } finally {
    database.destroy();
    notifier.destroy();
    await Promise.all([env.close(), dynamodb.close(), sns.close()]);
  }
}

/** Everything happens that makes the Lambda ask AWS for something. */
async function everything(env: TestEnvironment, deps: Dependencies): Promise<void> {
  const { clock } = env;
  const at = (minutes: number) => new Date(clock.now + minutes * MINUTE_MS).toISOString();
  const request = (action: 'enter' | 'enable-allowlist' | 'disable-allowlist' | 'exit', more: object = {}) =>
    operate(deps, requestOf({ action, requestedAt: at(0), ...more }));
  const refused = (refusal: Promise<unknown>) => expect(refusal).rejects.toMatchObject({ name: 'ProblemError' });
  const minute = async () => {
    clock.now += MINUTE_MS;
    await runDueSteps(deps, 0);
    await reconcile(deps);
  };
  const ticks = async (count: number) => {
    for (let passed = 0; passed < count; passed += 1) await minute();
  };
  const lines = [
    line('3', 'shop', 'Enter maintenance', at(60)),
    line('4', 'shop', 'Enter maintenance', at(2)),
    line('8', 'shop', 'Exit maintenance', at(5)),
  ];
  const sheet = new Terminal({ clock, deps, minute }, 'sheet-1', lines);
  const meddle = async (Description: string, Rules: object[] = []) => {
    const group = await env.ruleGroups.read(PLACE);
    const { VisibilityConfig } = group.value;
    await env.ruleGroups.write(PLACE, group, { Description, Rules, VisibilityConfig } as never);
  };
  const closed = (revision: number) => ({ kind: 'answered', status: 503, maintenanceMode: `r${revision}` }) as const;

  // Of a step that does not ask for it any more.
  const intent = { spreadsheetId: 'sheet-1', stepKey: '000099' };
  await refused(commitOperation(deps, { ...requestOf({ requestedAt: at(0) }), intent }));
  await request('enter', { plannedEnd: at(5), reason: 'release 42, ”Äpfel & Birnen“' });
  env.sees = () => closed(1);
  await refused(request('disable-allowlist', { service: 'unknown' }));
  await refused(request('enter', { requestedBy: 'intern@example.com' }));
  const testers = [
    { range: '198.51.100.7/32', who: 'Ana', until: at(3) },
    { range: '2001:db8:1::/64', who: 'Ben' },
  ];
  await request('enable-allowlist', { allowlist: testers });
  env.sees = () => closed(2);
  await sheet.sync();
  await sheet.set('4', 'Scheduled');
  await sheet.move('8', at(6));
  // A row is gone when two readings miss it.
  lines.shift();
  await sheet.minute();
  await sheet.minute();
  // A tester's time ends, the rules are emptied twice, the plan is overdue, the sheet falls silent.
  await ticks(4);
  await meddle('by hand');
  await ticks(1);
  await meddle('by hand');
  await ticks(14);
  clock.now += MINUTE_MS;
  await request('disable-allowlist');
  env.sees = () => ({ kind: 'answered', status: 200 });
  await ticks(6);
  const stamp = { mode: 'maintenance', at: at(0), actor: 'arn:aws:sts::111122223333:assumed-role/on-call/é' } as const;
  await meddle(formatDirectStamp(stamp));
  await ticks(1);
  await ticks(1);
  await sheet.set('8', 'Go');
  await ticks(1);
  expect(await deps.store.state('shop')).toMatchObject({ mode: 'normal', by: OPERATOR });
  await sheet.send({ ...sheet.read('retire'), by: OPERATOR });
  expect(await deps.store.auditOfSheet('sheet-1')).not.toEqual([]);
  expect(await deps.store.audit('shop', '2026-11-22T02:00:00Z', 5)).toHaveLength(5);
}

interface Transaction {
  readonly TransactItems: readonly { readonly Put?: { readonly Item: Item } }[];
}

const services = config.environments.production?.services ?? [];
const nights = new Map<string, Recorded[]>();
beforeAll(async () => {
  await Promise.all(services.map(async (service) => nights.set(service.name, await nightOf(service, everything))));
}, 120_000);

describe.each(services.map(({ name }) => name))('every request of a night of %s', (name) => {
  const recorded = () => nights.get(name) as Recorded[];

  it('is one that the SDK’s model and AWS’s documentation allow, as it is handed over and as it goes out', () => {
    const problems = recorded().flatMap(({ handed, sent }) => [...checkRequest(handed), ...checkRequest(sent)]);
    expect([...new Set(problems)]).toEqual([]);
  });

  it('reads what others may just have written: every item strongly consistent', () => {
    const reads = recorded().flatMap(({ sent: { operation, value } }): unknown[] => {
      if (operation === 'BatchGetItem') return Object.values((value as { RequestItems: object }).RequestItems);
      return operation === 'GetItem' || operation === 'Query' ? [value] : [];
    });
    expect(reads.length).toBeGreaterThan(20);
    for (const read of reads) expect(read).toMatchObject({ ConsistentRead: true });
  });

  it('goes out whole: the SDK leaves nothing out', () => {
    for (const { handed, sent } of recorded()) {
      expect([sent.operation, sent.value]).toEqual([handed.operation, onTheWire(handed.value)]);
    }
  });
});

/** What JSON makes of it: bytes in Base64, nothing that is undefined. */
const onTheWire = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, one) =>
      one instanceof Uint8Array ? Buffer.from(one).toString('base64') : (one as unknown),
    ),
  );

it('the longest lists of testers that a request can carry fit into the table, one after the other and when they end', async () => {
  const recorded = await nightOf({}, async (env, deps) => {
    const { clock } = env;
    const entry = (index: number) => ({
      range: `198.18.${index >> 8}.${index & 255}/32`,
      who: 'é',
      until: new Date(clock.now + MINUTE_MS).toISOString(),
    });
    await operate(deps, requestOf());
    for (const first of [0, 1]) {
      const requestedAt = new Date(clock.now).toISOString();
      const allowlist = Array.from({ length: MOST_TESTERS }, (_none, index) => entry(first + index));
      const request = requestOf({ action: 'enable-allowlist', requestedAt, allowlist });
      expect(MAX_BODY_BYTES - Buffer.byteLength(JSON.stringify(request))).toBeGreaterThan(0);
      expect(await operate(deps, request)).toMatchObject({ state: 'accepted', revision: 2 + first });
      clock.now += 1_000;
    }
    clock.now += MINUTE_MS;
    await reconcile(deps);
    expect((await deps.store.state('shop')).allowlist).toEqual([]);
  });
  expect([...new Set(recorded.flatMap(({ sent }) => checkRequest(sent)))]).toEqual([]);
  // Or the lists were not long: without its testers, an item has a few thousand bytes.
  const items = recorded.flatMap(({ sent }): Item[] =>
    sent.operation === 'TransactWriteItems'
      ? (sent.value as Transaction).TransactItems.flatMap(({ Put }) => (Put ? [Put.Item] : []))
      : [],
  );
  expect(Math.max(...items.map(itemBytes))).toBeGreaterThan(2 * MAX_BODY_BYTES);
});

it('the nights have every call in them that the code can make', async () => {
  const files = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, SOURCE), 'utf8')));
  const made = new Set(
    texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, command]) => command)),
  );
  const DOCUMENTS: Readonly<Record<string, string>> = {
    Get: 'GetItem',
    BatchGet: 'BatchGetItem',
    TransactWrite: 'TransactWriteItems',
  };
  // Slack's secrets are read by the real client in test/unit/local/ssm.
  made.delete('GetParameters');
  const wanted = [...made].map((command = '') => DOCUMENTS[command] ?? command).sort();
  const seen = new Set([...nights.values()].flat().map(({ sent }) => sent.operation));
  expect(wanted.length).toBeGreaterThan(5);
  expect([...seen].sort()).toEqual(wanted);
});

describe('the check itself', () => {
  const good = () => structuredClone(firstWrite().sent.value) as Write;
  interface Write {
    Rules: { Statement: Record<string, object>; Action: { Block?: object }; Priority: unknown; Name?: string }[];
    Description: string;
    [member: string]: unknown;
  }
  const firstWrite = () => nights.get('shop')?.find(({ sent }) => sent.operation === 'UpdateRuleGroup') as Recorded;
  const check = (value: unknown) => checkRequest({ service: 'wafv2', operation: 'UpdateRuleGroup', value });
  const rule = (request: Write) => request.Rules[0] as Write['Rules'][number];

  it.each<[string, (request: Write) => void, string]>([
    [
      'a member that nobody knows',
      (request) => {
        request.Comment = 'x';
      },
      'UpdateRuleGroup.Comment is no member of',
    ],
    [
      'a misspelt one',
      (request) => {
        rule(request).Action = { block: {} } as never;
      },
      'Action.block is no member of',
    ],
    [
      'one that is missing',
      (request) => {
        delete rule(request).Name;
      },
      'Rules[0].Name is missing',
    ],
    [
      'one of another type',
      (request) => {
        rule(request).Priority = '0';
      },
      'must be number',
    ],
    [
      'bytes that are no Base64',
      (request) => {
        rule(request).Statement = statementWith('the shop');
      },
      'must be bytes',
    ],
    [
      'a limit that is broken',
      (request) => {
        request.Description = 'closed <now>';
      },
      'Description must be: 1 to 256',
    ],
  ])('finds %s', (_what, spoil, said) => {
    const request = good();
    expect(check(request)).toEqual([]);
    spoil(request);
    expect(check(request).join('\n')).toContain(said);
  });

  const statementWith = (SearchString: string) => ({
    ByteMatchStatement: {
      SearchString,
      FieldToMatch: { UriPath: {} },
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      PositionalConstraint: 'EXACTLY',
    },
  });

  it('finds a value of which nobody wrote down what AWS takes', () => {
    const value = { ResourceARN: 'x', TagKeys: ['x'] };
    const problems = checkRequest({ service: 'wafv2', operation: 'UntagResource', value });
    expect(problems.join('\n')).toContain('what AWS takes for UntagResourceRequest.TagKeys[] is not');
  });

  it('finds a value of two types at once', () => {
    const value = { TableName: 'drawbridge', Item: { pk: { S: 'a', N: '1' }, sk: { S: 'b' } } };
    expect(checkRequest({ service: 'dynamodb', operation: 'PutItem', value })).toContain(
      'PutItem.Item["pk"] must have exactly one member',
    );
  });

  it.each(LIMITS.map((limit) => [limit.of, limit.rule, limit] as const))(
    '%s: %s, and refuses what is not',
    (_of, _rule, limit) => {
      expect(limit.is(limit.bad as never)).toBe(false);
      expect(limit.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    },
  );
});
