import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import { readFields } from '../../../../lambda/src/slack/form.ts';
import { environmentOf } from '../../../builders.ts';

/** What was chosen in the form is what the same words would have meant. */

const known = knownServices(environmentOf());
const wish = (more: object) => ({ kind: 'wish', wish: { named: 'shop', services: ['shop'], ...more } });

it.each<[Record<string, string>, object]>([
  [{ action: 'enter', service: 'shop' }, wish({ action: 'enter' })],
  [{ action: 'enter', service: 'shop', duration: ' 2h ' }, wish({ action: 'enter', forMs: 7_200_000 })],
  [{ action: 'enter', service: 'shop', duration: ' ' }, wish({ action: 'enter' })],
  [
    { action: 'enable-allowlist', service: 'shop', addresses: '192.0.2.7' },
    wish({ action: 'enable-allowlist', ranges: ['192.0.2.7/32'] }),
  ],
])('%j', (fields, intent) => expect(readFields(fields, known)).toEqual(intent));

it.each<[Record<string, string>, string]>([
  // The list may be older than the config.
  [{ action: 'enter', service: 'toys' }, 'toys'],
  [{ action: 'enter' }, 'shop'],
  [{ action: 'toggle', service: 'shop' }, 'shop'],
  [{ action: 'exit', service: 'shop', duration: '2h' }, 'exit'],
])('%j is none, and says what is wrong', (fields, words) => {
  expect(readFields(fields, known)).toEqual({ kind: 'wrong', message: expect.stringContaining(words) });
});
