import { printable } from '../../../ops/printable.ts';

it.each([
  ['clears the screen', '\u001b[2JStep 2', '\\u001b[2JStep 2'],
  ['renames the window', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  ['writes over the line', 'closed\ropen', 'closed\\u000dopen'],
  ['uses an 8-bit escape', '\u009b31m', '\\u009b31m'],
  ['turns the order around', 'step \u202e2 pohs', 'step \\u202e2 pohs'],
])('a name that %s is shown and does nothing', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('what people write is left as it is', () => {
  const text = 'Étape 2\tClosing Shop…\nreleaſe 🚧 日本';
  expect(printable(text)).toBe(text);
});
