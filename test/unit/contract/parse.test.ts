import * as z from 'zod/mini';
import { parse } from '../../../contract/parse.ts';

/** What a person reads when something is wrong, whatever the schema says of itself. */

const refusal = (schema: z.ZodMiniType, input: unknown): string => {
  try {
    parse(schema, input);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};
const field = (schema: z.ZodMiniType, value: unknown) => refusal(z.object({ size: schema }), { size: value });

it.each<[string, z.ZodMiniType, unknown]>([
  ['The field size is "x". It must be a value of type number.', z.number(), 'x'],
  ['The field size is "huge". It must be one of "small", "large".', z.enum(['small', 'large']), 'huge'],
  ['The field size is 4. It must be at most 3.', z.number().check(z.lte(3)), 4],
  ['The field size is 2. It must be at least 3.', z.number().check(z.gte(3)), 2],
  ['The field size is "xyz". It must be at most 2 characters long.', z.string().check(z.maxLength(2)), 'xyz'],
  ['The field size is []. It must be at least 1 entries long.', z.array(z.string()).check(z.minLength(1)), []],
  ['The field size is "y". It must be the format /^x+$/.', z.string().check(z.regex(/^x+$/)), 'y'],
  ['The field size is "y". It must be the format email.', z.email(), 'y'],
  ['The field size is 7. It must be another value.', z.number().check(z.multipleOf(5)), 7],
  ['The field size is "x". It must be a size.', z.number('It must be a size.'), 'x'],
  ['The field size is missing. It must be a size.', z.number('It must be a size.'), undefined],
  ['The field size is nothing. No.', z.optional(z.unknown()).check(z.refine(() => false, 'No.')), undefined],
])('%s', (message, schema, value) => expect(field(schema, value)).toBe(message));

it('names the field where it is', () => {
  const schema = z.object({ steps: z.array(z.strictObject({ at: z.string() })) });
  expect(refusal(schema, { steps: [{ at: 'x' }, { at: 7 }] })).toMatch(/^The field steps\[1\]\.at is 7\./);
  expect(refusal(schema, { steps: [{ at: 'x', more: 1 }] })).toBe(
    'The field steps[0].more is not known. Leave it out.',
  );
  expect(refusal(schema, 7)).toMatch(/^The field \(the whole body\) is 7\./);
});

it('repeats no more of a long value than shows which it was', () => {
  expect(field(z.number(), 'x'.repeat(79))).toContain(`is "${'x'.repeat(79)}…. It`);
  expect(field(z.number(), 'x'.repeat(78))).toContain(`is "${'x'.repeat(78)}". It`);
});

it('answers what is nested too deeply to be repeated', () => {
  const text = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  expect(field(z.number(), JSON.parse(text))).toBe(
    'The field size is nested too deeply. It must be a value of type number.',
  );
});

describe('of several alternatives', () => {
  const named = z.object({ range: z.object({ from: z.string('It must be an address.') }) });

  it.each([
    [
      'the one that got furthest was meant',
      z.union([z.number(), named]),
      'The field size.range.from is 7. It must be an',
    ],
    ['whatever their order', z.union([named, z.number()]), 'The field size.range.from is 7. It must be an'],
    ['and one inside another', z.union([z.union([named, z.boolean()]), z.number()]), 'The field size.range.from is 7.'],
  ])('%s', (_what, schema, message) => expect(field(schema, { range: { from: 7 } })).toContain(message));

  it('none of which got anywhere, what is said of all of them', () => {
    expect(field(z.union([z.number(), z.boolean()], 'It must be a size.'), 'x')).toBe(
      'The field size is "x". It must be a size.',
    );
    expect(field(z.union([named, z.number()], 'It must be a size.'), { range: { from: 7 } })).toContain('an address');
    expect(field(z.union([z.number(), z.boolean()]), 'x')).toContain('a value of type number');
  });
});
