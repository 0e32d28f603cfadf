import type * as z from 'zod/mini';
import { auditAnswer, auditEntry } from '../../../contract/audit.ts';
import { disarmAnswer, pauseAnswer } from '../../../contract/break-glass.ts';
import { operation, problemBody, proof, targetState } from '../../../contract/operation-answer.ts';
import { parse } from '../../../contract/parse.ts';
import { publicService, publicStatusResponse } from '../../../contract/public-status.ts';
import { drift, serviceStatus, servicesResponse } from '../../../contract/services.ts';
import { TABS } from '../../../contract/sync.ts';
import { syncAnswer, tablesAnswer } from '../../../contract/sync-answer.ts';
import { allowlistLine, editEvent, pickRow, stepRow, syncRequest } from '../../../contract/sync-request.ts';

/**
 * A field that a schema does not name is dropped without a word: so each message is told here with all that it may say, and
 * must reach the other end whole.
 */

const AT = '2026-11-22T02:00:00Z';
const OWN = { status: 'Go', result: 'r', started: 's', finished: 'f', by: 'b', operation: 'production-1' };
const TIME = { text: '02:00', at: AT };
const STEP = { row: 2, step: '1', plannedStart: TIME, service: 'shop', action: 'Enter maintenance', ...OWN };
const PICK = { row: 2, service: 'shop', action: 'Exit maintenance', ...OWN };
const LINE = { row: 2, address: '192.0.2.1', who: 'Ana', until: TIME, services: 'shop' };
const EDIT = {
  ...{ tab: 'rundown', by: 'ada@example.com', typed: 'Go', rows: [2], coversStatus: true, coversPlan: false },
  seenAt: AT,
};
const TARGET = { target: 'REGIONAL/eu-west-1', state: 'pending', at: AT, code: 'RULE_GROUP_BUSY' };
const PROOF = {
  ...{ state: 'proving', probes: 9, agree: 5, disagree: 3, open: 2, unknown: 1, needed: 7, cached: 1 },
  ...{ from: 'eu-west-1', checkedAt: AT, verifiedAt: AT, siteStatuses: [200] },
};
const SOURCE = { kind: 'sheet', spreadsheetId: 'release-42', step: '1', channel: 'C1' };
const PROBLEM = { code: 'ILLEGAL_MOVE', message: 'It is open.' };
const NAMES = {
  hash: 'h',
  services: [{ name: 'shop', title: 'Shop' }],
  groups: [{ name: 'all', title: 'All', services: ['shop'] }],
};
const AUDIT = {
  ...{
    service: 'shop',
    revision: 3,
    operationId: 'production-1',
    kind: 'operation',
    action: 'enter',
    mode: 'maintenance',
  },
  ...{
    state: 'verified',
    changed: true,
    unchecked: false,
    takeOver: true,
    by: 'ada@example.com',
    source: SOURCE,
    at: AT,
  },
  ...{ plannedAt: AT, acceptedAt: AT, verifiedAt: AT, allowlist: ['192.0.2.1/32'], reason: 'why', problem: PROBLEM },
  message: 'Closed.',
};
const DRIFT = { target: TARGET.target, state: 'repaired', at: AT, revision: 3, code: 'FIREWALL_FORBIDDEN' };
const SERVICE = {
  ...{ service: 'shop', title: 'Shop', mode: 'maintenance', revision: 3, since: AT, by: 'ada@example.com' },
  holder: { by: 'ada@example.com', spreadsheetId: 'release-42', step: '1', kind: 'slack' },
  ...{ plannedEnd: AT, operationId: 'production-1', proof: PROOF, targets: [TARGET], operators: ['ada@example.com'] },
  ...{ drift: [DRIFT], seen: { at: AT, agree: 5, disagree: 1, unknown: 0, cached: 1 }, orphaned: true },
  ...{ repairPause: { until: AT, by: 'ada@example.com' }, armed: 2 },
};
const TABLE = { headers: ['Service'], key: 'Service', rows: [['shop', 7, { at: AT }]] };
const ROW = {
  tab: 'services',
  basis: {
    ...{ row: 2, step: '1', plannedStart: TIME, service: 'shop', action: 'Enter maintenance' },
    was: [{ status: 'Go', operation: '' }],
  },
  cells: { ...OWN, pick: '' },
};
const PUBLIC = { service: 'shop', title: 'Shop', state: 'closed-planned', plannedEnd: AT, closesAt: AT };

it.each<[string, z.ZodMiniType, unknown]>([
  [
    'a sync',
    syncRequest,
    {
      ...{
        protocol: 1,
        syncId: 'sync-1',
        readAt: AT,
        cause: 'edit',
        edit: EDIT,
        namesHash: 'h',
        by: 'ada@example.com',
      },
      sheet: { name: 'Release 42', timeZone: 'Etc/UTC', locale: 'en_GB' },
      ...{ steps: [STEP], picks: [PICK], allowlist: [LINE] },
    },
  ],
  ['its edit', editEvent, EDIT],
  ['a step', stepRow, STEP],
  ['a pick', pickRow, PICK],
  ['a line of the allowlist', allowlistLine, LINE],
  [
    'the answer to a sync',
    syncAnswer,
    {
      ...{ protocol: 1, environment: 'production', production: true, sequence: 7, rows: [ROW], retired: true },
      ignored: [{ row: 2, message: 'It was not understood.' }],
      banner: { connectedUntil: AT, now: 'shop is closed', next: { step: '2', at: AT } },
      ...{ again: { afterMs: 2_000 }, tables: { version: 4 }, names: NAMES },
    },
  ],
  [
    'the tables',
    tablesAnswer,
    {
      ...{ environment: 'production', version: 4, services: TABLE, audit: TABLE, goodUntil: AT },
      check: [{ row: 2, address: '192.0.2.1', says: 'let in' }],
    },
  ],
  [
    'an operation',
    operation,
    {
      ...{ operationId: 'production-1', service: 'shop', title: 'Shop', action: 'enter', mode: 'maintenance' },
      ...{ state: 'superseded', changed: true, revision: 3, requestedBy: 'ada@example.com', requestedAt: AT },
      ...{ committedAt: AT, acceptedAt: AT, verifiedAt: AT, plannedEnd: AT, reason: 'why', dryRun: true },
      faults: [{ code: 'TOO_MANY_WCU', target: TARGET.target, message: 'Too much.' }],
      ...{
        source: SOURCE,
        targets: [TARGET],
        proof: PROOF,
        problem: PROBLEM,
        again: { afterMs: 5 },
        message: 'Closed.',
      },
      supersededBy: { operationId: 'production-2', step: '2', by: 'ada@example.com' },
    },
  ],
  ['a problem', problemBody, { ...PROBLEM, field: 'action', operationId: 'production-1' }],
  [
    'the services',
    servicesResponse,
    {
      ...{ environment: 'production', production: true, services: [SERVICE] },
      groups: [{ group: 'all', title: 'All', services: ['shop'] }],
    },
  ],
  ['the audit', auditAnswer, { environment: 'production', entries: [AUDIT], isCut: true }],
  ['what everybody may know', publicStatusResponse, { services: [PUBLIC] }],
  ['what was disarmed', disarmAnswer, { environment: 'production', sheets: 1, steps: 2 }],
  ['a pause of repairs', pauseAnswer, { service: 'shop', until: AT, message: 'Paused.' }],
])('%s arrives whole', (_what, schema, told) => expect(parse(schema, told)).toEqual(told));

it.each<[string, z.ZodMiniType, object, string, readonly string[]]>([
  ['a tab', editEvent, EDIT, 'tab', TABS],
  ['a target', targetState, TARGET, 'state', ['pending', 'accepted']],
  ['a proof', proof, PROOF, 'state', ['none', 'proving', 'verified']],
  ['a public state', publicService, PUBLIC, 'state', ['open', 'closed', 'closed-planned']],
  ['a drift', drift, DRIFT, 'state', ['repaired', 'contested', 'bypassed', 'unrepaired', 'unreadable', 'gone']],
  [
    'an audit entry',
    auditEntry,
    AUDIT,
    'kind',
    [
      ...['operation', 'repair', 'replan', 'expiry', 'bypass', 'unreadable', 'armed', 'moved', 'disarmed', 'not-run'],
      ...['hand', 'rehearsal', 'not-admitted', 'repair-paused'],
    ],
  ],
])('%s is understood whatever it says of itself, and nothing else is', (_what, schema, told, field, values) => {
  for (const value of values) expect(parse(schema, { ...told, [field]: value })).toMatchObject({ [field]: value });
  expect(() => parse(schema, { ...told, [field]: 'another' })).toThrow(`The field ${field} is "another"`);
});

it('what an older server leaves out is what it meant', () => {
  const { operators: _, ...service } = SERVICE;
  expect(parse(servicesResponse, { environment: 'test', services: [service] })).toMatchObject({
    ...{ production: false, groups: [] },
    services: [{ operators: [] }],
  });
  expect(parse(serviceStatus, service)).toMatchObject({ operators: [] });
  const answer = { protocol: 1, environment: 'test', production: false, sequence: 1, rows: [], tables: { version: 1 } };
  const rest = { banner: { connectedUntil: AT }, again: { afterMs: 5 } };
  expect(parse(syncAnswer, { ...answer, ...rest })).toEqual({ ...answer, ...rest, ignored: [], retired: false });
  const sync = { protocol: 1, syncId: 's', readAt: AT, cause: 'tick', sheet: { name: '', timeZone: '', locale: '' } };
  expect(parse(syncRequest, sync)).toEqual({ ...sync, namesHash: '' });
});

it.each([
  ['an empty id', { syncId: '' }, 'The field syncId is "". It must not be empty.'],
  ['an id that is too long', { syncId: 'x'.repeat(65) }, 'It may have 64 characters at most.'],
  ['a cause that is none', { cause: 'whim' }, 'The field cause is "whim".'],
])('a sync with %s is refused', (_what, wrong, words) => {
  const sync = { protocol: 1, syncId: 's', readAt: AT, cause: 'tick', sheet: { name: '', timeZone: '', locale: '' } };
  for (const cause of ['edit', 'tick', 'poll', 'retire']) expect(parse(syncRequest, { ...sync, cause })).toBeDefined();
  expect(() => parse(syncRequest, { ...sync, ...wrong })).toThrow(words);
});

it.each<[string, z.ZodMiniType, object]>([
  ['a step', stepRow, STEP],
  ['a pick', pickRow, PICK],
  ['a line', allowlistLine, LINE],
])('%s is never the row of the headers', (_what, schema, row) => {
  expect(() => parse(schema, { ...row, row: 1 })).toThrow('The field row is 1.');
});
