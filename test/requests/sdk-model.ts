import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as sns from '@aws-sdk/client-sns';
import * as wafv2 from '@aws-sdk/client-wafv2';

/**
 * A request against the SDK's own model of the service: names, types, and what is required. The SDK checks none of it: it
 * leaves out silently what its model does not name.
 */

export const SERVICES = { wafv2, dynamodb, sns } as const;
export type ServiceName = keyof typeof SERVICES;

/** One member of a structure, or a whole structure, as it is met: `Rule.Name`, `Statement`. */
export interface Met {
  readonly name: string;
  readonly value: unknown;
  /** Where, such as `Rules[0].Name`. */
  readonly path: string;
  readonly kind: 'text' | 'number' | 'bytes' | 'flag' | 'list' | 'map' | 'structure';
}

export interface Walked {
  readonly problems: readonly string[];
  readonly met: readonly Met[];
}

/** @returns What is wrong with it by the model, and everything that was met on the way. Bytes are met as bytes. */
export function walkRequest(service: ServiceName, operation: string, request: unknown): Walked {
  const schema = (SERVICES[service] as Readonly<Record<string, unknown>>)[`${operation}$`];
  if (!Array.isArray(schema) || schema[0] !== OPERATION) {
    return { problems: [`${service} has no operation ${operation}`], met: [] };
  }
  const walk: Walk = { problems: [], met: [] };
  visit(walk, schema[4] as Ref, { name: operation, path: operation }, request);
  return walk;
}

/**
 * How the SDK writes a shape down. A number is a simple type, or a list or a map of one; a pair is a shape with traits; a
 * function comes before its shape does.
 * @see https://www.npmjs.com/package/@smithy/types, schema/static-schemas
 */
type Ref = number | readonly unknown[] | (() => Ref);
type Walk = { problems: string[]; met: Met[] };
type Place = { readonly name: string; readonly path: string };

const [LIST, MAP, STRUCTURE, UNION, OPERATION] = [1, 2, 3, 4, 9];
const LIST_OF = 64;
const MAP_OF = 128;
const SIMPLE: Readonly<Record<number, readonly [kind: Met['kind'], is: (value: unknown) => boolean]>> = {
  0: ['text', (value) => typeof value === 'string'],
  1: ['number', (value) => typeof value === 'number' && Number.isFinite(value)],
  2: ['flag', (value) => typeof value === 'boolean'],
  21: ['bytes', (value) => value instanceof Uint8Array],
};

function visit(walk: Walk, given: Ref, place: Place, value: unknown): void {
  const ref = typeof given === 'function' ? given() : given;
  if (typeof ref === 'number') visitSimple(walk, ref, place, value);
  else if (typeof ref === 'function') visit(walk, ref, place, value);
  else if (ref.length === 2) visit(walk, ref[0] as Ref, place, value);
  else visitComplex(walk, ref, place, value);
}

function visitComplex(walk: Walk, ref: readonly unknown[], place: Place, value: unknown): void {
  const [id, , shape, , ...rest] = ref as [number, string, string, unknown, ...unknown[]];
  if (id === LIST) visitList(walk, rest[0] as Ref, place, value);
  else if (id === MAP) visitMap(walk, rest[1] as Ref, place, value);
  else if (id === STRUCTURE || id === UNION) {
    const [names, refs, required = 0] = rest as [string[], Ref[], number?];
    visitStructure(walk, { shape, names, refs, required, isUnion: id === UNION }, place, value);
  } else walk.problems.push(`${place.path}: this check does not know a shape of the kind ${id}`);
}

function visitSimple(walk: Walk, ref: number, place: Place, value: unknown): void {
  if (ref >= MAP_OF) visitMap(walk, ref - MAP_OF, place, value);
  else if (ref >= LIST_OF) visitList(walk, ref - LIST_OF, place, value);
  else visitOne(walk, ref, place, value);
}

function visitOne(walk: Walk, ref: number, place: Place, value: unknown): void {
  const [kind, is] = SIMPLE[ref] ?? [];
  const one = kind === 'bytes' && typeof value === 'string' ? decoded(value) : value;
  if (!kind || !is?.(one)) walk.problems.push(`${place.path} is ${JSON.stringify(value)}, and must be ${kind ?? ref}`);
  else walk.met.push({ ...place, value: one, kind });
}

/** On the wire, bytes are Base64. */
function decoded(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function visitList(walk: Walk, element: Ref, place: Place, value: unknown): void {
  if (!Array.isArray(value)) {
    walk.problems.push(`${place.path} must be a list`);
    return;
  }
  walk.met.push({ ...place, value, kind: 'list' });
  value.forEach((one, index) => {
    visit(walk, element, { name: `${place.name}[]`, path: `${place.path}[${index}]` }, one);
  });
}

function visitMap(walk: Walk, element: Ref, place: Place, value: unknown): void {
  if (!isObject(value)) {
    walk.problems.push(`${place.path} must be a map`);
    return;
  }
  walk.met.push({ ...place, value, kind: 'map' });
  for (const [key, one] of Object.entries(value)) {
    visit(walk, element, { name: `${place.name}[]`, path: `${place.path}["${key}"]` }, one);
  }
}

interface Structure {
  readonly shape: string;
  readonly names: readonly string[];
  readonly refs: readonly Ref[];
  /** The first so many of the names. */
  readonly required: number;
  readonly isUnion: boolean;
}

function visitStructure(
  walk: Walk,
  { shape, names, refs, required, isUnion }: Structure,
  { path }: Place,
  value: unknown,
) {
  if (!isObject(value)) {
    walk.problems.push(`${path} must be a structure`);
    return;
  }
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  walk.met.push({ name: shape, path, value, kind: 'structure' });
  for (const name of names.slice(0, required)) {
    if (!given.some(([member]) => member === name)) walk.problems.push(`${path}.${name} is missing`);
  }
  if (isUnion && given.length !== 1) walk.problems.push(`${path} must have exactly one member`);
  for (const [member, one] of given) {
    const index = names.indexOf(member);
    if (index < 0) walk.problems.push(`${path}.${member} is no member of ${shape}`);
    else visit(walk, refs[index] as Ref, { name: `${shape}.${member}`, path: `${path}.${member}` }, one);
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
