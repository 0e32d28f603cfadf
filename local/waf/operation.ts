import type * as z from 'zod/mini';
import type { Caller } from './caller.ts';
import { parse } from './parse.ts';

/** One operation from the parsed JSON of its request to the answer. @throws WafError */
export type Handler = (body: unknown, caller: Caller) => object;
export type Handlers = Readonly<Record<string, Handler>>;

export const operation =
  <S extends z.ZodMiniType>(schema: S, handle: (request: z.output<S>, caller: Caller) => object): Handler =>
  (body, caller) =>
    handle(parse(schema, body), caller);
