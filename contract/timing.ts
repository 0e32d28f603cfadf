/** Times that the sheet and the API must agree on. Milliseconds. */

const MINUTE_MS = 60_000;

/** Later than this after its time an armed step is not run any more, and is told as missed. */
export const GRACE_MS = 10 * MINUTE_MS;
/** Proof that takes longer than this is told as Unproven; later proof still makes it Done. */
export const UNPROVEN_AFTER_MS = 5 * MINUTE_MS;
/** Three minutes without a sync: the script of a sheet with armed steps has stopped. */
export const SILENCE_MS = 3 * MINUTE_MS;
