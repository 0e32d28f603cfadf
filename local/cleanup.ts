type Closable = { close(): unknown };

/** Remembers what was opened, and closes it in reverse. */
export function createCleanup() {
  const open: Closable[] = [];
  return {
    opened<T extends Closable>(part: T): T {
      open.push(part);
      return part;
    },
    async close(): Promise<void> {
      for (let part = open.pop(); part; part = open.pop()) await part.close();
    },
  };
}

export type Opened = ReturnType<typeof createCleanup>['opened'];
