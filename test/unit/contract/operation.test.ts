import { isFinal, OPERATION_STATES, operationRequest } from '../../../contract/operation.ts';
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
  const longest = { ...request, operationId: 'x'.repeat(64), service: 's'.repeat(40), reason: 'x'.repeat(256) };
  expect(parse(operationRequest, longest)).toEqual(longest);
  const shortest = { ...request, operationId: 'Op_1', service: 's', reason: 'x' };
  expect(parse(operationRequest, shortest)).toEqual(shortest);
});

it('is over once nothing of it goes on', () => {
  expect(OPERATION_STATES.filter(isFinal)).toEqual(['refused', 'verified', 'superseded']);
});

it.each([
  ['an unknown field', { ...request, force: true }, 'force', 'not known'],
  ['an unknown field inside', { ...request, source: { ...request.source, row: 7 } }, 'source.row', 'not known'],
  ['an unknown action', { ...request, action: 'toggle' }, 'action', '"enable-allowlist"'],
  ['an id that is too short', { ...request, operationId: 'op-' }, 'operationId', '4 to 64 letters'],
  ['an id that is too long', { ...request, operationId: 'x'.repeat(65) }, 'operationId', '4 to 64 letters'],
  ['an id with a blank', { ...request, operationId: 'op 00001' }, 'operationId', '4 to 64 letters'],
  ['an id that begins with a dash', { ...request, operationId: '-op00001' }, 'operationId', '4 to 64 letters'],
  ['a number for an id', { ...request, operationId: 7 }, 'operationId', 'must be text'],
  ['a service in capitals', { ...request, service: 'Shop' }, 'service', 'up to 40 lower-case letters'],
  ['a service that begins with a digit', { ...request, service: '1shop' }, 'service', 'beginning with a letter'],
  ['a service with a long name', { ...request, service: 's'.repeat(41) }, 'service', 'up to 40'],
  ['a number for a person', { ...request, requestedBy: 7 }, 'requestedBy', 'must be text'],
  ['a name for a person', { ...request, requestedBy: 'Ada' }, 'requestedBy', 'e-mail address'],
  ['two people', { ...request, requestedBy: 'a@example.com b@example.com' }, 'requestedBy', 'e-mail address'],
  ['two signs in an address', { ...request, requestedBy: 'a@example.com@b' }, 'requestedBy', 'e-mail address'],
  [
    'an endless address',
    { ...request, requestedBy: `${'a'.repeat(243)}@example.com` },
    'requestedBy',
    '254 characters at most',
  ],
  ['a blank reason', { ...request, reason: '' }, 'reason', 'must not be empty: why'],
  ['a number for a reason', { ...request, reason: 7 }, 'reason', 'must be text: why'],
  ['an endless reason', { ...request, reason: 'x'.repeat(257) }, 'reason', '256 characters at most'],
  [
    'a sheet without an id',
    { ...request, source: { ...request.source, spreadsheetId: '' } },
    'source.spreadsheetId',
    'the id of the release sheet',
  ],
  ['a blank step', { ...request, source: { ...request.source, step: '' } }, 'source.step', 'the step of the rundown'],
  ['text for taking over', { ...request, takeOver: 'yes' }, 'takeOver', 'true or false'],
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
