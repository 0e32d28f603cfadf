import { operationRequest } from '../../../contract/operation.ts';
import { parse } from '../../../contract/parse.ts';

const request = {
  operationId: 'op-7f3a00000001',
  service: 'shop',
  action: 'enter',
  requestedBy: 'release.manager@example.com',
  requestedAt: '2026-11-22T02:00:00Z',
  source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '3' },
};

it('accepts a request as the sheet sends it', () => {
  expect(parse(operationRequest, request)).toEqual(request);
});

it.each([
  ['an unknown field', { ...request, force: true }, 'force', 'not known'],
  ['an unknown field inside', { ...request, source: { ...request.source, row: 7 } }, 'source.row', 'not known'],
  ['an unknown action', { ...request, action: 'toggle' }, 'action', '"enable-allowlist"'],
  ['a number for a service', { ...request, service: 7 }, 'service', 'must be text'],
  ['a missing person', { ...request, requestedBy: undefined }, 'requestedBy', 'missing'],
  ['a local time', { ...request, requestedAt: '2026-11-22 02:00' }, 'requestedAt', 'ISO 8601'],
  [
    'host bits in an allowlist entry',
    { ...request, allowlist: ['192.0.2.1', '192.0.2.9/24'] },
    'allowlist[1]',
    '192.0.2.0/24',
  ],
  ['the whole internet on the allowlist', { ...request, allowlist: ['0.0.0.0/0'] }, 'allowlist[0]', 'whole internet'],
  ['text for a switch', { ...request, dryRun: 'yes' }, 'dryRun', 'true or false'],
  ['a source that is no sheet', { ...request, source: { kind: 'slack' } }, 'source.kind', '"sheet"'],
  ['a list instead of an object', [], '(the whole body)', 'object'],
])('refuses %s, names the field and says what would be right', (_what, body, field, remedy) => {
  try {
    parse(operationRequest, body);
    throw new Error('it was accepted');
  } catch (error) {
    expect(error).toMatchObject({
      code: 'INVALID_FIELD',
      problem: { field, message: expect.stringContaining(remedy) },
    });
  }
});
