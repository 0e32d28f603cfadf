import type { RowAnswer } from '../../contract/sync-answer.ts';
import type { StepRow } from '../../contract/sync-request.ts';
import type { Cognito } from '../../local/cognito/start.ts';

/** The attack corpus: what somebody might send, and what must come of it. Data; `attack.ts` tries it. */

export const POOL = {
  userPoolId: 'eu-west-1_Production',
  clientId: 'our-client',
  clientSecrets: ['secret'],
  scopes: ['drawbridge/operate', 'drawbridge/read'],
};
export const BOTH = 'drawbridge/operate drawbridge/read';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const soon = () => Math.floor(Date.now() / 1_000) + 600;
const bearer = async (token: Promise<string> | string) => `Bearer ${await token}`;

/** What stands in Authorization, and the status that answers it. */
export const TOKENS: readonly (readonly [string, number, (cognito: Cognito) => Promise<string | undefined>])[] = [
  ['none', 401, async () => undefined],
  ['an empty one', 401, async () => 'Bearer '],
  ['Basic in its place', 401, async () => `Basic ${Buffer.from('our-client:secret').toString('base64')}`],
  ['nonsense', 401, async () => 'Bearer nonsense'],
  ['three dots', 401, async () => 'Bearer ...'],
  ['a token twice', 401, async (cognito) => `${await bearer(cognito.sign('production', { scope: BOTH }))} x`],
  ['alg none', 401, async (cognito) => bearer(unsigned(cognito, 'none'))],
  ['alg HS256, signed with nothing', 401, async (cognito) => bearer(`${unsigned(cognito, 'HS256')}AAAA`)],
  ['a changed payload', 401, async (cognito) => bearer(changed(await cognito.sign('production', { scope: 'x' })))],
  ['an expired one', 401, async (cognito) => bearer(cognito.sign('production', { scope: BOTH, exp: soon() - 700 }))],
  [
    'another issuer',
    401,
    async (cognito) => bearer(cognito.sign('production', { scope: BOTH, iss: 'https://example.com' })),
  ],
  ['another client', 401, async (cognito) => bearer(cognito.sign('production', { scope: BOTH, client_id: 'other' }))],
  ['staging’s', 401, async (cognito) => bearer(cognito.sign('staging', { scope: BOTH }))],
  ['an id token', 401, async (cognito) => bearer(cognito.sign('production', { scope: BOTH, token_use: 'id' }))],
  ['no scope', 403, async (cognito) => bearer(cognito.sign('production', { scope: '' }))],
  ['only reads', 403, async (cognito) => bearer(cognito.sign('production', { scope: 'drawbridge/read' }))],
  [
    'a scope that begins alike',
    403,
    async (cognito) => bearer(cognito.sign('production', { scope: 'drawbridge/operate-all' })),
  ],
  ['a good one', 400, async (cognito) => bearer(cognito.sign('production', { scope: BOTH }))],
];

function unsigned(cognito: Cognito, alg: string): string {
  const claims = { token_use: 'access', scope: BOTH, client_id: POOL.clientId };
  return `${part({ alg, typ: 'JWT' })}.${part({ ...claims, iss: cognito.issuer('production'), exp: soon() })}.`;
}

function changed(token: string): string {
  const [head, claims = '', signature] = token.split('.');
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
  return [head, part({ ...read, scope: BOTH }), signature].join('.');
}

/** Bodies of a sync, each laid over a good one or in its place, and the code that answers it. */
export const BODIES: readonly (readonly [string, string, string | ((good: object) => unknown)])[] = [
  ['nothing', 'MALFORMED_JSON', ''],
  ['half of one', 'MALFORMED_JSON', '{"protocol": 1'],
  ['a list', 'INVALID_FIELD', '[]'],
  ['null', 'INVALID_FIELD', 'null'],
  ['a number too many', 'MALFORMED_JSON', '{} 1'],
  ['1 MB and a byte', 'TOO_LARGE', `"${'x'.repeat(1024 * 1024)}"`],
  ['deep nesting', 'INVALID_FIELD', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['another protocol', 'INVALID_FIELD', (good) => ({ ...good, protocol: 999 })],
  ['a protocol in words', 'INVALID_FIELD', (good) => ({ ...good, protocol: '1' })],
  ['an id without end', 'INVALID_FIELD', (good) => ({ ...good, syncId: 'x'.repeat(65) })],
  ['a reading that is still to come', 'INVALID_FIELD', (good) => ({ ...good, readAt: '2027-01-01T00:00:00Z' })],
  ['a reading of last year', 'READ_AGAIN', (good) => ({ ...good, readAt: '2025-01-01T00:00:00Z' })],
  ['a reading that is no time', 'INVALID_FIELD', (good) => ({ ...good, readAt: 'now' })],
  ['a cause that there is not', 'INVALID_FIELD', (good) => ({ ...good, cause: 'root' })],
  ['steps that are no list', 'INVALID_FIELD', (good) => ({ ...good, steps: { length: 3 } })],
];

/** A row of somebody else's, or one that should make a formula; none of them may run, and none may come back live. */
export const ROWS: readonly (readonly [string, Partial<StepRow>])[] = [
  ['an operation of another environment', { operation: 'staging-00000001', status: 'Done' }],
  ['a Go with an operation of another environment', { operation: 'staging-00000001', status: 'Go' }],
  ['a running one of another environment', { operation: 'staging-00000001', status: 'Running' }],
  ['an operation that nobody ran', { operation: 'production-ffffffff', status: 'Done' }],
  ['a formula as service', { service: '=IMPORTXML("https://example.com","//a")', status: 'Go' }],
  ['a formula as step', { step: '=HYPERLINK("https://example.com","2")', service: 'nowhere', status: 'Go' }],
  ['plus', { action: '+1+1', status: 'Go' }],
  ['minus', { status: '-1' }],
  ['an at sign', { status: '@SUM(A1)', action: '@x' }],
  ['a formula as status', { status: '=1+1' }],
  ['a tab before a formula', { status: '\t=1+1' }],
  ['terminal escapes', { step: '\u001b[2J\u001b]0;owned\u0007', service: '\u001b[31mshop', status: 'Go' }],
  ['a name of a prototype', { service: '__proto__', status: 'Go' }],
  ['another one', { service: 'constructor', action: 'toString', status: 'Go' }],
  ['a zero byte', { service: 'shop\u0000', status: 'Go' }],
  ['a long one', { service: 'x'.repeat(40_000), status: 'Go' }],
];

/** What people may write into the Allowlist, and whether it lets anybody in. */
export const RANGES: readonly (readonly [string, boolean])[] = [
  ['198.51.100.7', true],
  ['198.51.100.0/24', true],
  ['2001:db8::/32', true],
  ['2001:DB8::7', true],
  [' 198.51.100.7 ', true],
  ['0.0.0.0/0', false],
  ['::/0', false],
  ['128.0.0.0/1', false],
  ['0.0.0.0/7', false],
  ['2001::/18', false],
  ['198.51.100.7/24', false],
  ['198.51.100', false],
  ['198.051.100.007', false],
  ['0xC6.51.100.7', false],
  ['3325256711', false],
  ['198.51.100.7/33', false],
  ['198.51.100.7/-1', false],
  ['198.51.100.7/8/8', false],
  ['198.51.100.7,0.0.0.0/0', false],
  ['::ffff:198.51.100.7', false],
  ['fe80::1%eth0', false],
  ['=198.51.100.7', false],
  ['localhost', false],
  ['*', false],
  ['', false],
];

/** Of a break-glass request, laid over a good one by somebody whom the config names; and the code that answers it. */
export const ORDERS: readonly (readonly [string, string, object])[] = [
  ['another person’s name', 'INVALID_FIELD', { requestedBy: 'release.manager@example.com' }],
  ['another door', 'INVALID_FIELD', { source: { kind: 'sheet', spreadsheetId: 'x', step: '2' } }],
  ['no reason', 'INVALID_FIELD', { reason: '' }],
  ['a service that there is not', 'UNKNOWN_SERVICE', { service: 'nowhere' }],
  ['a service with an escape', 'INVALID_FIELD', { service: '\u001b[2Jshop' }],
  ['a path as service', 'INVALID_FIELD', { service: '../payments' }],
  ['an action that there is not', 'INVALID_FIELD', { action: 'toggle' }],
  ['an id with a path', 'INVALID_FIELD', { operationId: '../../x' }],
  ['an id of two lines', 'INVALID_FIELD', { operationId: 'good-one\nbad' }],
  ['an order of yesterday', 'STALE_REQUEST', { requestedAt: '2026-11-21T02:00:00Z' }],
  ['an order of tomorrow', 'FUTURE_REQUEST', { requestedAt: '2026-11-23T02:00:00Z' }],
  ['the whole internet', 'INVALID_FIELD', { allowlist: ['0.0.0.0/0'] }],
  [
    'a list without end',
    'INVALID_FIELD',
    { allowlist: Array.from({ length: 1_001 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`) },
  ],
];

/** Whom IAM may name who are not the role that the config names. */
export const CALLERS: readonly (string | undefined)[] = [
  undefined,
  '',
  'arn:aws:sts::111122223333:assumed-role/on-call-2/engineer',
  'arn:aws:sts::111122223333:assumed-role/x/on-call',
  'arn:aws:sts::999999999999:assumed-role/on-call/engineer',
  'arn:aws:iam::111122223333:user/on-call',
  'arn:aws-cn:sts::111122223333:assumed-role/on-call/engineer',
];

/** What somebody may have written into a cell, and what a terminal shows of it. */
export const ESCAPES: readonly (readonly [string, string])[] = [
  ['\u001b[2J\u001b[HStep 2', '\\u001b[2J\\u001b[HStep 2'],
  ['\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  [
    '\u001b]8;;https://example.com\u001b\\open\u001b]8;;\u001b\\',
    '\\u001b]8;;https://example.com\\u001b\\open\\u001b]8;;\\u001b\\',
  ],
  ['\u009b31mred', '\\u009b31mred'],
  ['closed\ropen', 'closed\\u000dopen'],
  ['shop\b\b\b\bpay', 'shop\\u0008\\u0008\\u0008\\u0008pay'],
  ['step \u202e2 pohs', 'step \\u202e2 pohs'],
  ['step \u2066shop\u2069', 'step \\u2066shop\\u2069'],
  ['zero\u0000byte', 'zero\\u0000byte'],
  ['Étape 2\tClosing Shop…\n🚧 日本', 'Étape 2\tClosing Shop…\n🚧 日本'],
];

const basis = { row: 2, step: '2', plannedStart: { text: '' }, service: 'shop', action: 'Enter maintenance', was: [] };

/** What staging may answer about what is not its own, once it is hostile; the script writes none of it. */
export const ANSWERS: readonly (readonly [string, RowAnswer])[] = [
  ['a row that production was sent', { tab: 'rundown', basis, cells: { status: 'Done' } }],
  ['a pick that production was sent', { tab: 'services', basis, cells: { pick: '' } }],
  [
    'its own row in the name of production',
    { tab: 'rundown', basis: { ...basis, service: 'shop-staging' }, cells: { operation: 'production-00000001' } },
  ],
  [
    'a name that begins like its own',
    { tab: 'rundown', basis: { ...basis, service: 'shop-staging' }, cells: { operation: 'staging2-00000001' } },
  ],
  [
    'Do now emptied in the rundown',
    { tab: 'rundown', basis: { ...basis, service: 'shop-staging' }, cells: { pick: '' } },
  ],
  ['a row of a prototype', { tab: 'rundown', basis: { ...basis, service: '__proto__' }, cells: { status: 'Done' } }],
];
