const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 30 * 86_400_000;

/** `2h`, `90m`, `1h30m`, `45 minutes`. @returns Milliseconds; undefined if it is none, nothing, or more than 30 days. */
export function readDuration(text: string): number | undefined {
  const plain = text
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/(\d)(minutes?|mins?)/g, '$1m')
    .replace(/(\d)(hours?|hrs?)/g, '$1h')
    .replace(/(\d)days?/g, '$1d');
  if (!/^(\d{1,5}[mhd])+$/.test(plain)) return undefined;
  const parts = [...plain.matchAll(/(\d+)([mhd])/g)].map(
    ([, count = '', unit = '']) => Number(count) * (UNITS[unit] ?? 0),
  );
  const ms = parts.reduce((sum, part) => sum + part, 0);
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}
