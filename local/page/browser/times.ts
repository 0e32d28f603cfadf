import { fromWall, wallAsUtc } from '../../apps-script-runtime/spreadsheet/zoned-time.ts';

/** Times as people in the sheet's zone read and write them. */
export interface Times {
  /** From now on, times are those of this zone. */
  use(timeZone: string): void;
  /** `02:14:07` */
  time(at: number | string): string;
  /** `Sun 22 Nov, 02:14:07 UTC` */
  full(at: number | string): string;
  /** `2026-11-22T02:14`, as the browser's field for a date and time has it. */
  wall(at: number): string;
  /** The other way round, with a `T` or a blank between; undefined if it is no time. */
  instant(wall: string): number | undefined;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DAY = { weekday: 'short', day: 'numeric', month: 'short', timeZoneName: 'short' } as const;

export function createTimes(): Times {
  let zone = 'UTC';
  const formats = () => ({
    time: new Intl.DateTimeFormat('en-GB', { ...CLOCK, timeZone: zone }),
    full: new Intl.DateTimeFormat('en-GB', { ...CLOCK, ...DAY, timeZone: zone }),
  });
  let { time, full } = formats();
  return {
    use(timeZone) {
      if (timeZone === zone) return;
      zone = timeZone;
      ({ time, full } = formats());
    },
    time: (at) => time.format(new Date(at)),
    full: (at) => full.format(new Date(at)),
    wall: (at) => new Date(wallAsUtc(at, zone)).toISOString().slice(0, 16),
    instant(wall) {
      const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/.exec(wall) ?? [];
      const at = Date.parse(`${day}T${clock}Z`);
      return Number.isNaN(at) ? undefined : fromWall(at, zone);
    },
  };
}
