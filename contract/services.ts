import * as z from 'zod/mini';
import { MODES } from './modes.ts';
import { proof, targetState } from './operation-answer.ts';

/** Who closed a service, and from where: while it is not normal, they hold it. */
export const holder = z.object({
  by: z.string(),
  spreadsheetId: z.optional(z.string()),
  step: z.optional(z.string()),
  /** Where no sheet did: `slack`; left out, the break-glass command. */
  kind: z.optional(z.string()),
});
export type Holder = z.output<typeof holder>;

export const drift = z.object({
  target: z.string(),
  /**
   * `repaired` once; `contested` when it came back: Drawbridge gives way and a person must decide. `bypassed`: probes get
   * in. `unrepaired`: its rules are somebody else's, and WAF does not take ours. `unreadable`: nobody knows what they are.
   * `gone`: its rule group does not exist any more.
   */
  state: z.enum(['repaired', 'contested', 'bypassed', 'unrepaired', 'unreadable', 'gone']),
  at: z.string(),
  revision: z.number(),
  /** Why it could not be read or written: a stable code such as FIREWALL_FORBIDDEN. */
  code: z.optional(z.string()),
});
export type Drift = z.output<typeof drift>;

/** What the last look at a closed service from outside came to, after its operation was proven. */
export const seen = z.object({
  at: z.string(),
  agree: z.number(),
  disagree: z.number(),
  unknown: z.number(),
  /** Of those that disagree, copies that some CDN keeps: then the firewall itself is closed. */
  cached: z.optional(z.number()),
});
export type Seen = z.output<typeof seen>;

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
  /** Who may act on it, in lower case. */
  operators: z._default(z.array(z.string()), []),
  drift: z.array(drift),
  seen: z.optional(seen),
  /** It is not in the config any more: it can be opened, and nothing else. */
  orphaned: z.optional(z.boolean()),
  /** Until then, what somebody changes in its rules is left alone; or until it is set. */
  repairPause: z.optional(z.object({ until: z.string(), by: z.string() })),
  /** Steps of all release sheets that will run by the clock. */
  armed: z.optional(z.number()),
});
export type ServiceStatus = z.output<typeof serviceStatus>;

export const groupStatus = z.object({ group: z.string(), title: z.string(), services: z.array(z.string()) });
export type GroupStatus = z.output<typeof groupStatus>;

export const servicesResponse = z.object({
  environment: z.string(),
  /** Real users are behind it: a step that is off plan asks for a second Go. */
  production: z._default(z.boolean(), false),
  services: z.array(serviceStatus),
  groups: z._default(z.array(groupStatus), []),
});
export type ServicesResponse = z.output<typeof servicesResponse>;
