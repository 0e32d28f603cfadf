import type { Key, Table } from './table.ts';

/** One execution at a time drives what is pending: two would spend each other's calls to WAF. It ends by itself. */
export interface DriverLeases {
  /** @returns undefined while another execution has it. */
  takeDriverLease(now: number, forMs: number): Promise<DriverLease | undefined>;
}

export interface DriverLease {
  /** @returns Whether it is still ours. */
  renew(now: number, forMs: number): Promise<boolean>;
  /** Others may have it from then on. */
  end(at: number): Promise<void>;
}

interface StoredLease {
  readonly version: number;
  readonly until: string;
}

const KEY: Key = { pk: 'DRIVER', sk: 'LEASE' };

export function createDriverLeases(table: Table): DriverLeases {
  async function write(version: number, untilMs: number): Promise<boolean> {
    const until = new Date(untilMs).toISOString();
    const put = { ...KEY, version: version + 1, until };
    return (await table.commit([{ put, ifVersion: version === 0 ? 'absent' : version, label: 'driver lease' }])).ok;
  }

  return {
    async takeDriverLease(now, forMs) {
      const stored = await table.get<StoredLease>(KEY);
      if (stored && Date.parse(stored.until) > now) return undefined;
      let version = stored?.version ?? 0;
      const extend = async (untilMs: number) => {
        const isOurs = await write(version, untilMs);
        if (isOurs) version += 1;
        return isOurs;
      };
      if (!(await extend(now + forMs))) return undefined;
      return {
        renew: (at, ms) => extend(at + ms),
        end: async (at) => void (await extend(at)),
      };
    },
  };
}
