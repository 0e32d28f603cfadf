import { answerOf } from '../../../../local/gateway/result.ts';

const seen = (result: unknown) => {
  const { status, headers, body } = answerOf(result);
  return { status, headers, body: body.toString('utf8') };
};
const jsonType = { 'content-type': 'application/json' };

it.each([
  ['a plain object', { mode: 'normal' }, '{"mode":"normal"}'],
  ['text', 'open', 'open'],
  ['nothing', null, 'null'],
])('takes %s without a status code as the body of a 200', (_, result, body) => {
  expect(seen(result)).toEqual({ status: 200, headers: jsonType, body });
});

it('hands on status, headers, cookies and body', () => {
  const result = {
    statusCode: 202,
    headers: { 'Content-Type': 'application/json', 'Retry-After': 2 },
    cookies: ['a=1', 'b=2'],
    body: '{"ok":true}',
  };
  expect(seen(result)).toEqual({
    status: 202,
    headers: { ...jsonType, 'retry-after': '2', 'set-cookie': ['a=1', 'b=2'] },
    body: '{"ok":true}',
  });
});

it('decodes a body that is marked as base64', () => {
  const body = Buffer.from('drawbridge').toString('base64');
  expect(seen({ statusCode: 200, isBase64Encoded: true, body })).toMatchObject({ body: 'drawbridge' });
});

it('calls text what has a status code but no content type', () => {
  expect(seen({ statusCode: 204 })).toEqual({
    status: 204,
    headers: { 'content-type': 'text/plain;charset=utf-8' },
    body: '',
  });
});

it.each([[{ statusCode: 'soon' }], [{ statusCode: 99 }], [{ statusCode: 200, body: { not: 'text' } }]])(
  'answers 500 for a result that is no HTTP answer: %j',
  (result) => {
    expect(seen(result)).toEqual({ status: 500, headers: jsonType, body: '{"message":"Internal Server Error"}' });
  },
);
