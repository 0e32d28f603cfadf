import { readRange } from '../../../../local/waf/ip-ranges.ts';
import { applies, type InspectedRequest, matches } from '../../../../local/waf/match.ts';
import type { IpSetReference, Statement } from '../../../../local/waf/schema.ts';
import { bytes, not, pathIs, request } from './rules.ts';

const ranges = [readRange('192.0.2.0/24', 'IPV4'), readRange('2001:db8::/32', 'IPV6')];
const meets = (statement: Statement, more: Partial<InspectedRequest>) =>
  matches(statement, { request: request(more), labels: new Set(), prefix: '', ipSet: () => ranges });

describe('byte match', () => {
  it('compares where it is told to', () => {
    const path = (at: 'EXACTLY' | 'STARTS_WITH' | 'ENDS_WITH' | 'CONTAINS', value: string) =>
      meets(bytes('/api/', { UriPath: {} }, at), { path: value });
    expect(path('EXACTLY', '/api/')).toBe(true);
    expect(path('EXACTLY', '/api/cart')).toBe(false);
    expect(path('STARTS_WITH', '/api/cart')).toBe(true);
    expect(path('STARTS_WITH', '/x/api/')).toBe(false);
    expect(path('ENDS_WITH', '/x/api/')).toBe(true);
    expect(path('ENDS_WITH', '/api/cart')).toBe(false);
    expect(path('CONTAINS', '/x/api/cart')).toBe(true);
    expect(path('CONTAINS', '/x/apis/cart')).toBe(false);
  });

  it('reads the path, query, method or one header, and nothing else', () => {
    const asked = { path: '/needle', query: 'needle', method: 'needle', headers: { 'x-a': ['needle'] } };
    for (const field of [{ QueryString: {} }, { Method: {} }, { SingleHeader: { Name: 'X-A' } }]) {
      expect(meets(bytes('needle', field), asked)).toBe(true);
    }
    expect(meets(bytes('needle', { SingleHeader: { Name: 'x-b' } }), asked)).toBe(false);
    expect(meets(bytes('needle', { UriPath: {} }), asked)).toBe(false);
  });

  it('does not match a header that is not there, not even by its absence of text', () => {
    const statement = bytes('application/json', { SingleHeader: { Name: 'accept' } }, 'CONTAINS');
    expect(meets(statement, {})).toBe(false);
    expect(meets(not(statement), {})).toBe(true);
  });

  it('is exact about case unless told otherwise', () => {
    const headers = { accept: ['Application/JSON'] };
    const field = { SingleHeader: { Name: 'accept' } };
    expect(meets(bytes('application/json', field), { headers })).toBe(false);
    expect(meets(bytes('application/json', field, 'EXACTLY', 'LOWERCASE'), { headers })).toBe(true);
  });

  it('sees through an encoded way out of an exempt path, once told to decode and normalize', () => {
    const path = '/webhooks/..%2fadmin';
    expect(meets(bytes('/webhooks/', { UriPath: {} }, 'STARTS_WITH'), { path })).toBe(true);
    const safe = bytes('/webhooks/', { UriPath: {} }, 'STARTS_WITH', 'URL_DECODE', 'NORMALIZE_PATH');
    expect(meets(safe, { path })).toBe(false);
    expect(meets(safe, { path: '/webhooks/paid' })).toBe(true);
  });

  it('transforms by priority, not by the order of the list', () => {
    const statement = bytes('/admin', { UriPath: {} }, 'EXACTLY', 'URL_DECODE', 'NORMALIZE_PATH');
    const { TextTransformations } = statement.ByteMatchStatement ?? { TextTransformations: [] };
    const reversed = {
      ByteMatchStatement: { ...statement.ByteMatchStatement, TextTransformations: TextTransformations.toReversed() },
    };
    expect(meets(reversed as Statement, { path: '/x/..%2fadmin' })).toBe(true);
  });
});

it('and, or, not mean what they say', () => {
  const a = pathIs('/a');
  const get = bytes('GET', { Method: {} });
  expect(meets({ AndStatement: { Statements: [a, get] } }, { path: '/a' })).toBe(true);
  expect(meets({ AndStatement: { Statements: [a, get] } }, { path: '/b' })).toBe(false);
  expect(meets({ OrStatement: { Statements: [a, get] } }, { path: '/b' })).toBe(true);
  expect(meets({ OrStatement: { Statements: [a, get] } }, { path: '/b', method: 'POST' })).toBe(false);
  expect(meets(not(a), { path: '/b' })).toBe(true);
});

describe('a forwarded address', () => {
  const forwarded = (
    Position: 'FIRST' | 'LAST' | 'ANY',
    FallbackBehavior: 'MATCH' | 'NO_MATCH' = 'NO_MATCH',
  ): { IPSetReferenceStatement: IpSetReference } => ({
    IPSetReferenceStatement: {
      ARN: 'arn:aws:wafv2:testers',
      IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', Position, FallbackBehavior },
    },
  });
  const via = (...values: string[]) => ({ headers: { 'x-forwarded-for': values } });
  const TESTER = '192.0.2.10';
  const STRANGER = '198.51.100.1';

  it('is the one at the position, in the header instead of the connection', () => {
    expect(meets(forwarded('LAST'), via(`${STRANGER}, ${TESTER}`))).toBe(true);
    expect(meets(forwarded('LAST'), via(`${TESTER}, ${STRANGER}`))).toBe(false);
    expect(meets(forwarded('FIRST'), via(`${TESTER}, ${STRANGER}`))).toBe(true);
    expect(meets(forwarded('ANY'), via(`${STRANGER}, ${TESTER}, ${STRANGER}`))).toBe(true);
    expect(meets(forwarded('LAST'), { ...via(STRANGER), sourceIp: TESTER })).toBe(false);
    expect(meets(forwarded('LAST'), via('2001:db8::7'))).toBe(true);
  });

  it('of several headers counts as one list', () => {
    expect(meets(forwarded('LAST'), via(TESTER, STRANGER))).toBe(false);
    expect(meets(forwarded('LAST'), via(STRANGER, TESTER))).toBe(true);
  });

  it('among more than ten is looked for in the last ten', () => {
    const ten = Array(10).fill(STRANGER).join(', ');
    expect(meets(forwarded('ANY'), via(`${TESTER}, ${ten}`))).toBe(false);
  });

  it('that is no address is decided by the fallback', () => {
    for (const nonsense of ['unknown', '', '192.0.2.10:443', '0300.0.2.10', '192.0.2']) {
      expect(meets(forwarded('LAST'), via(`${TESTER}, ${nonsense}`))).toBe(false);
      expect(meets(forwarded('LAST', 'MATCH'), via(nonsense))).toBe(true);
    }
  });

  it('without its header takes the whole rule out, whatever stands around the statement', () => {
    const statement = forwarded('LAST', 'MATCH');
    expect(applies(not(statement), request())).toBe(false);
    expect(applies({ OrStatement: { Statements: [pathIs('/'), statement] } }, request())).toBe(false);
    expect(applies(not(statement), request(via(TESTER)))).toBe(true);
    expect(applies(pathIs('/'), request())).toBe(true);
  });
});

describe('regex match', () => {
  const regex = (RegexString: string): Statement => ({
    RegexMatchStatement: {
      RegexString,
      FieldToMatch: { SingleHeader: { Name: 'host' } },
      TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }],
    },
  });

  it('finds the pattern anywhere in the part, after its transformations', () => {
    const headers = { host: ['SHOP.example.com:443'] };
    expect(meets(regex('^shop\\.(?:example|test)\\.com'), { headers })).toBe(true);
    expect(meets(regex('example'), { headers })).toBe(true);
    expect(meets(regex('^example'), { headers })).toBe(false);
  });

  it('does not match a header that is not there', () => {
    expect(meets(regex('.*'), {})).toBe(false);
  });
});
