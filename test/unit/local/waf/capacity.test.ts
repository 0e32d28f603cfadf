import { capacityOf } from '../../../../local/waf/capacity.ts';
import type { Statement } from '../../../../local/waf/schema.ts';
import { bytes, labelled, not, rule } from './rules.ts';

const units = (...statements: Statement[]) => capacityOf(statements.map((Statement) => rule({ Statement })));
const path = { UriPath: {} };
const fromSet = (Position?: 'LAST' | 'ANY'): Statement => ({
  IPSetReferenceStatement: {
    ARN: 'arn:aws:wafv2:testers',
    IPSetForwardedIPConfig: Position && { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH', Position },
  },
});

it('counts each statement by the documented table', () => {
  expect(units(bytes('/a', path))).toBe(2);
  expect(units(bytes('/a', path, 'STARTS_WITH'))).toBe(2);
  expect(units(bytes('/a', path, 'ENDS_WITH'))).toBe(2);
  expect(units(bytes('/a', path, 'CONTAINS'))).toBe(10);
  expect(units(bytes('/a', path, 'STARTS_WITH', 'URL_DECODE', 'NORMALIZE_PATH'))).toBe(22);
  expect(units(labelled('pass'))).toBe(1);
  expect(units(fromSet())).toBe(1);
  expect(units(fromSet('LAST'))).toBe(1);
  expect(units(fromSet('ANY'))).toBe(5);
});

it('counts what is inside and, or and not, and nothing for them', () => {
  const Statements = [bytes('/a', path), not(labelled('pass'))];
  expect(units({ AndStatement: { Statements } })).toBe(3);
  expect(units({ OrStatement: { Statements } }, not({ AndStatement: { Statements } }))).toBe(6);
});
