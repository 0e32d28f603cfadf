import { breakGlassBody, breakGlassRequest } from '../../../contract/break-glass.ts';
import { parse } from '../../../contract/parse.ts';

const BODY = {
  operationId: 'op-0001',
  service: 'shop',
  action: 'enter',
  requestedAt: '2026-11-22T02:00:00Z',
  reason: 'the sheet does not answer',
};

const refusal = (body: object): string => {
  try {
    parse(breakGlassBody, body);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

it('asks for the reason', () => {
  const { reason: _, ...body } = BODY;
  expect(refusal(body)).toContain('The field reason is missing');
  expect(refusal({ ...BODY, reason: '' })).toContain('reason');
  expect(refusal(BODY)).toBe('accepted');
});

it('takes neither a person nor a source from whoever sends the body', () => {
  expect(refusal({ ...BODY, requestedBy: 'release.manager@example.com' })).toContain('requestedBy is not known');
  expect(refusal({ ...BODY, source: { kind: 'sheet' } })).toContain('source is not known');
});

it('makes a request of the person that IAM knows', () => {
  const request = breakGlassRequest(parse(breakGlassBody, BODY), 'arn:aws:iam::111122223333:user/on-call');
  expect(request).toMatchObject({
    requestedBy: 'arn:aws:iam::111122223333:user/on-call',
    source: { kind: 'break-glass' },
    reason: BODY.reason,
  });
});
