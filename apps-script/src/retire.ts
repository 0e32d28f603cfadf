import { settleTriggers } from './controller/triggers.ts';
import type { Memory } from './memory.ts';
import type { Ports } from './ports.ts';

/** Lets go of a sheet, and lets its banner say so. What was armed in it the servers have disarmed before. */
export function letGo(ports: Pick<Ports, 'memory' | 'open' | 'now'>, memory: Memory, id: string): void {
  ports.memory.removeSheet(id);
  try {
    ports.open(id).writeHeartbeat({ until: new Date(ports.now()) });
  } catch (error) {
    // One that was deleted has no banner.
    console.warn(`The release sheet ${id}: ${(error as Error).message}`);
  }
  console.log(`The release sheet ${id} is retired: nothing set in it will run.`);
  const others = memory.sheets.map((sheet) => sheet.id).filter((one) => one !== id);
  settleTriggers({ control: memory.control, sheets: others });
}
