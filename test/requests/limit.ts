/**
 * What AWS documents of the values that we send, and the SDK's model does not hold. Written down from AWS's pages, and not
 * from our local servers: those are claims about the same pages.
 */
export interface Limit {
  /** `Rule.Name`: that member wherever it is met. `Rule`: the whole structure. */
  readonly of: string;
  readonly rule: string;
  readonly source: string;
  is(value: never): boolean;
  /** A value that breaks it, so that nobody writes a limit that lets everything through. */
  readonly bad: unknown;
}

export function text(of: string, source: string, min: number, max: number, pattern: RegExp, bad: string): Limit {
  const is = (value: string) => value.length >= min && value.length <= max && pattern.test(value);
  return { of, source, rule: `${min} to ${max} characters, ${pattern}`, is, bad };
}

export function oneOf(of: string, source: string, values: Readonly<Record<string, string>>, bad: string): Limit {
  const known = Object.values(values);
  return { of, source, rule: 'one of those that the SDK names', is: (value: string) => known.includes(value), bad };
}

export function numbers(of: string, source: string, min: number, max: number, bad: number): Limit {
  const is = (value: number) => Number.isInteger(value) && value >= min && value <= max;
  return { of, source, rule: `a whole number from ${min} to ${max}`, is, bad };
}

export function exactlyOne(of: string, source: string, bad: object): Limit {
  const is = (value: object) => Object.values(value).filter((one) => one !== undefined).length === 1;
  return { of, source, rule: 'exactly one member', is, bad };
}

export function several(of: string, source: string): Limit {
  return { of, source, rule: 'two at least', is: (value: unknown[]) => value.length >= 2, bad: [{}] };
}
