import { rehearsalByTitle } from '../../../contract/rehearsal.ts';

it.each([
  ['Rehearse: Enter maintenance', 'enter'],
  ['Rehearse: Enable allowlist', 'enable-allowlist'],
  ['Rehearse: Disable allowlist', 'disable-allowlist'],
  [' rehearse:  EXIT maintenance ', 'exit'],
  ['Rehearse all steps', 'all'],
  ['Enter maintenance', undefined],
  ['', undefined],
])('%j picked in Do now rehearses %s', (title, rehearsed) => expect(rehearsalByTitle(title)).toBe(rehearsed));
