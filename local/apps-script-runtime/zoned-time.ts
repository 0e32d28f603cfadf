/** Times in a named zone, by the machine's own zone data. */

interface Fields {
  readonly yyyy: string;
  readonly MM: string;
  readonly dd: string;
  readonly HH: string;
  readonly mm: string;
  readonly ss: string;
}

function fields(at: number, timeZone: string): Fields {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    yyyy: part.year ?? '',
    MM: part.month ?? '',
    dd: part.day ?? '',
    HH: part.hour ?? '',
    mm: part.minute ?? '',
    ss: part.second ?? '',
  };
}

const TOKENS = /'([^']*)'|yyyy|MM|dd|HH|mm|ss|[A-Za-z]+/g;

/** Utilities.formatDate with the few tokens that are used. @throws Error - Another token. */
export function formatDate(at: number, timeZone: string, pattern: string): string {
  const known = fields(at, timeZone) as unknown as Record<string, string>;
  return pattern.replace(TOKENS, (token, quoted?: string) => {
    if (quoted !== undefined) return quoted;
    const value = known[token];
    if (value === undefined)
      throw new Error(`The date format ${token} is not supported by the local Apps Script runtime`);
    return value;
  });
}

/** The instant at which that zone's clocks show this wall time. */
export function fromWallTime(
  wall: { year: number; month: number; day: number; hour: number; minute: number; second: number },
  timeZone: string,
): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  const offsetAt = (at: number) => {
    const { yyyy, MM, dd, HH, mm, ss } = fields(at, timeZone);
    return Date.UTC(+yyyy, +MM - 1, +dd, +HH, +mm, +ss) - Math.floor(at / 1_000) * 1_000;
  };
  // The second look is for days on which the clocks change.
  const guess = asUtc - offsetAt(asUtc);
  return asUtc - offsetAt(guess);
}
