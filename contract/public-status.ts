import * as z from 'zod/mini';

/** What anybody may know of a service. Nobody's name, no sheet, no revision, and nothing of how sure we are. */
export const publicService = z.object({
  service: z.string(),
  title: z.string(),
  /**
   * `closed`: it was set so, and every firewall of it has taken the rules; testers may be let in. `closed-planned`: the same,
   * and `plannedEnd` is ahead. `open`: everything else.
   */
  state: z.enum(['open', 'closed', 'closed-planned']),
  plannedEnd: z.optional(z.string()),
  /** When the next armed step closes it; steps that a person runs by hand are not told. */
  closesAt: z.optional(z.string()),
});
export type PublicService = z.output<typeof publicService>;

export const publicStatusResponse = z.object({ services: z.array(publicService) });
export type PublicStatusResponse = z.output<typeof publicStatusResponse>;
