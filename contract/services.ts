import * as z from 'zod/mini';
import { MODES } from './modes.ts';
import { proof, targetState } from './operation.ts';

/** Who closed a service, and from where: while it is not normal, they hold it. */
export const holder = z.object({
  by: z.string(),
  spreadsheetId: z.optional(z.string()),
  step: z.optional(z.string()),
});
export type Holder = z.output<typeof holder>;

export const drift = z.object({
  target: z.string(),
  /** `repaired` once; `contested` when it came back: Drawbridge gives way and a person must decide. */
  state: z.enum(['repaired', 'contested']),
  at: z.string(),
  revision: z.number(),
});
export type Drift = z.output<typeof drift>;

/** One service as `GET /services` tells it. */
export const serviceStatus = z.object({
  service: z.string(),
  title: z.string(),
  mode: z.enum(MODES),
  revision: z.number(),
  since: z.optional(z.string()),
  by: z.optional(z.string()),
  holder: z.optional(holder),
  plannedEnd: z.optional(z.string()),
  operationId: z.optional(z.string()),
  proof,
  targets: z.array(targetState),
  drift: z.array(drift),
});
export type ServiceStatus = z.output<typeof serviceStatus>;

export const servicesResponse = z.object({ environment: z.string(), services: z.array(serviceStatus) });
