import { randomInt } from 'node:crypto';
import type { IfOver, Key, Table } from './table.ts';

/** One execution at a time drives what is pending: two would spend each other's calls to WAF. It ends by itself. */
export interface DriverLeases {
  /**
   * @param looksFirst - Who asks again and again reads, and does not disturb the writes of who has it.
   * @returns undefined while another execution has it.
   */
  takeDriverLease(now: number, forMs: number, looksFirst?: boolean): Promise<DriverLease | undefined>;
}

export interface DriverLease {
  /** @returns Whether it is still ours. */
  renew(now: number, forMs: number): Promise<boolean>;
  /** Others may have it from then on. */
  end(at: number): Promise<void>;
}

interface StoredLease {
  readonly until: string;
}

const KEY: Key = { pk: 'DRIVER', sk: 'LEASE' };
/** Nobody else's, however many there have been. */
const HIGHEST = 2 ** 47;

export function createDriverLeases(table: Table): DriverLeases {
  /** @param condition - That it is over; or still ours. */
  async function write(version: number, untilMs: number, condition: { ifOver: IfOver } | { ifVersion: number }) {
    const put = { ...KEY, version, until: new Date(untilMs).toISOString() };
    return (await table.commit([{ put, ...condition, label: 'driver lease' }])).ok;
  }

  return {
    async takeDriverLease(now, forMs, looksFirst = false) {
      const stored = looksFirst ? await table.get<StoredLease>(KEY) : undefined;
      if (stored && Date.parse(stored.until) > now) return undefined;
      const version = randomInt(1, HIGHEST);
      const ifOver = { attribute: 'until', at: new Date(now).toISOString() };
      if (!(await write(version, now + forMs, { ifOver }))) return undefined;
      const extend = (untilMs: number) => write(version, untilMs, { ifVersion: version });
      return {
        renew: (at, ms) => extend(at + ms),
        end: async (at) => void (await extend(at)),
      };
    },
  };
}
