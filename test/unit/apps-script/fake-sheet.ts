import { createMemory, type MemoryStore } from '../../../apps-script/src/memory.ts';
import type { Ports } from '../../../apps-script/src/ports.ts';
import type { ReleaseSheet, SheetTab } from '../../../apps-script/src/sheet/spreadsheet.ts';

/** A release sheet as cells in memory, behind the script's own face of a sheet; and what a sync needs besides. */

export type Cell = string | number | boolean | Date;

export const shown = (cell: Cell): string =>
  cell instanceof Date ? cell.toISOString().slice(0, 16).replace('T', ' ') : String(cell);

export class FakeSheet {
  readonly tabs: { id: number; name: string; cells: Cell[][] }[] = [];
  readonly heartbeats: Record<string, Date | string> = {};
  readonly calls: string[] = [];
  /** Called after each service call: where a test lets other people act. */
  meanwhile: ((call: string) => void) | undefined;

  add(name: string, cells: Cell[][], id = this.tabs.length): Cell[][] {
    this.tabs.push({ id, name, cells });
    return cells;
  }

  private call<T>(what: string, work: () => T): T {
    this.calls.push(what);
    const answer = work();
    this.meanwhile?.(what);
    return answer;
  }

  get face(): ReleaseSheet {
    const tabOf = (tab: FakeSheet['tabs'][number] | undefined) => tab && this.tab(tab);
    return {
      id: 'release-42',
      name: () => 'Release 42',
      timeZone: () => 'Etc/UTC',
      locale: () => 'en_GB',
      tabs: () => this.tabs.map((tab) => this.tab(tab)),
      tabNamed: (name) => tabOf(this.tabs.find((tab) => tab.name === name)),
      tabWithId: (id) => tabOf(this.tabs.find((tab) => tab.id === id)),
      flush: () => this.call('flush', () => undefined),
      writeHeartbeat: (cells) => {
        for (const [cell, value] of Object.entries(cells)) {
          this.call(`beat ${cell}`, () => {
            this.heartbeats[cell] = value;
          });
        }
      },
    };
  }

  private tab({ id, name, cells }: FakeSheet['tabs'][number]): SheetTab {
    const copy = () => cells.map((line) => [...line]);
    return {
      id,
      name: () => name,
      headers: () => this.call('headers', () => [...(cells[0] ?? [])]),
      values: () => this.call('values', copy),
      shown: () => this.call('shown', () => cells.map((line) => line.map(shown))),
      write: (row, column, values) =>
        this.call(`write ${row},${column} ${JSON.stringify(values)}`, () => {
          values.forEach((line, down) => {
            while (cells.length < row + down) cells.push((cells[0] ?? []).map((): Cell => ''));
            const target = cells[row - 1 + down] as Cell[];
            line.forEach((value, along) => {
              target[column + along] = value;
            });
          });
        }),
      note: (row, column, text) => this.call(`note ${row},${column} ${text}`, () => undefined),
    };
  }
}

/** User Properties in memory. */
export function memoryStore(): MemoryStore & { readonly all: Map<string, string> } {
  const all = new Map<string, string>();
  const properties = {
    getProperties: () => Object.fromEntries(all),
    setProperty: (key: string, value: string) => void all.set(key, value),
    setProperties(values: Record<string, string>) {
      for (const [key, value] of Object.entries(values)) {
        if (Buffer.byteLength(value) > 9 * 1024) throw new Error(`Argument too large: value of ${key}`);
        all.set(key, value);
      }
    },
    deleteProperty: (key: string) => void all.delete(key),
  };
  return { ...createMemory(() => properties as never), all };
}

export const NOW = Date.parse('2026-11-22T02:00:00Z');

/** Everything that a sync needs, of which a test gives what it is about. */
export function portsWith(given: Partial<Ports>): Ports {
  let ids = 0;
  const refuse = (what: string) => (): never => {
    throw new Error(`${what} is not expected here`);
  };
  return {
    memory: memoryStore(),
    api: { ask: refuse('a request'), forget: refuse('forget'), services: refuse('GET /services') },
    open: refuse('to open a sheet'),
    locked: (work) => work(),
    controller: () => 'drawbridge.controller@example.com',
    now: () => NOW,
    sleep: refuse('to sleep'),
    newSyncId: () => `sync-${++ids}`,
    formatTime: (at) => at.toISOString().slice(0, 19).replace('T', ' '),
    ...given,
  };
}
