import { labelPrefix, matchesLabel } from '../../../../local/waf/labels.ts';

const PREFIX = labelPrefix('111122223333', 'webacl', 'testWebACL');
const at = (label: string) => new Set([`${PREFIX}${label}`]);
const label = (Key: string) => ({ Scope: 'LABEL', Key }) as const;
const namespace = (Key: string) => ({ Scope: 'NAMESPACE', Key }) as const;

it('a short key means the end of a label of the same context', () => {
  expect(matchesLabel(label('header:encoding:utf8'), at('header:encoding:utf8'), PREFIX)).toBe(true);
  expect(matchesLabel(label('header:encoding:utf8'), at('ns1:ns2:header:encoding:utf8'), PREFIX)).toBe(true);
  expect(matchesLabel(label('header:encoding:utf8'), at('header:encoding2:utf8'), PREFIX)).toBe(false);
  expect(matchesLabel(label('pass'), at('bypass'), PREFIX)).toBe(false);
});

it('a short key never reaches into another context', () => {
  const group = new Set([`${labelPrefix('111122223333', 'rulegroup', 'productionRules')}header:encoding:utf8`]);
  expect(matchesLabel(label('header:encoding:utf8'), group, PREFIX)).toBe(false);
  expect(matchesLabel(namespace('header:encoding:'), group, PREFIX)).toBe(false);
});

it('a full key means that one label, wherever it was added', () => {
  const full = 'awswaf:111122223333:rulegroup:testRules:header:encoding:utf8';
  expect(matchesLabel(label(full), new Set([full]), PREFIX)).toBe(true);
  expect(matchesLabel(label(full), new Set([`${full}:more`]), PREFIX)).toBe(false);
});

it('a namespace means neighbouring parts before the name', () => {
  expect(matchesLabel(namespace('header:encoding:'), at('header:encoding:utf8'), PREFIX)).toBe(true);
  expect(matchesLabel(namespace('encoding:'), at('header:encoding:utf8'), PREFIX)).toBe(true);
  expect(matchesLabel(namespace('header:encoding:utf8:'), at('header:encoding:utf8'), PREFIX)).toBe(false);
  expect(matchesLabel(namespace(`${PREFIX}header:`), at('header:encoding:utf8'), PREFIX)).toBe(true);
  expect(matchesLabel(namespace(`${PREFIX}query:`), at('header:encoding:utf8'), PREFIX)).toBe(false);
});
