/** Times for people, in UTC; `rundown/plan/wall-time` has those of a sheet's own zone. Input is ISO 8601. */

const utc = (iso: string): string => new Date(iso).toISOString();

/** `02:05:00 UTC`. */
export const secondUtc = (iso: string): string => (iso ? `${utc(iso).slice(11, 19)} UTC` : 'just now');

/** `02:05 UTC`. */
export const minuteUtc = (iso: string): string => `${utc(iso).slice(11, 16)} UTC`;

/** `2026-11-22 02:05:00 UTC`: what is read on another day, such as mail. */
export const dateSecondUtc = (iso: string): string => `${utc(iso).slice(0, 19).replace('T', ' ')} UTC`;

/** `2026-11-22 02:05 UTC`. */
export const dateMinuteUtc = (iso: string): string => `${utc(iso).slice(0, 16).replace('T', ' ')} UTC`;

/** `Sun, 22 Nov 2026, 02:05 UTC`: for anybody, who does not know which day is meant. */
export const longMinuteUtc = (iso: string): string =>
  iso && new Date(iso).toUTCString().replace(/ (\d\d:\d\d):\d\d GMT$/, ', $1 UTC');
