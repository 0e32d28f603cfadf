import { breakGlassBody, breakGlassRequest, disarmBody, pauseBody } from '../../../contract/break-glass.ts';
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

it('disarms only with a reason', () => {
  expect(parse(disarmBody, { reason: 'a secret leaked' })).toEqual({ reason: 'a secret leaked' });
  expect(() => parse(disarmBody, {})).toThrow('The field reason is missing. It must be text: why.');
  expect(() => parse(disarmBody, { reason: 'a secret leaked', sheet: 'release-42' })).toThrow('sheet is not known');
});

describe('a pause of repairs', () => {
  const body = { service: 'shop', forMinutes: 60, reason: 'rules are tried out' };

  it.each([0, 1, 240])('may last %s minutes', (forMinutes) => {
    expect(parse(pauseBody, { ...body, forMinutes })).toEqual({ ...body, forMinutes });
  });

  it.each([
    [-1, 'It must be 0 at least, which ends the pause.'],
    [241, 'It must be 240 at most: ask again then.'],
    [1.5, 'It must be a whole number of minutes.'],
  ])('may not last %s minutes', (forMinutes, remedy) => {
    expect(() => parse(pauseBody, { ...body, forMinutes })).toThrow(remedy);
  });

  it('has a service, a reason and nothing else', () => {
    expect(() => parse(pauseBody, { ...body, reason: '' })).toThrow('It must not be empty: why.');
    expect(() => parse(pauseBody, { ...body, service: 'Shop' })).toThrow('The field service');
    expect(() => parse(pauseBody, { ...body, by: 'somebody' })).toThrow('by is not known');
  });
});
