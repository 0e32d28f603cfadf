import { settleTriggers } from './controller/triggers.ts';
import type { Memory } from './memory.ts';
import type { Ports } from './ports.ts';

/**
 * Lets go of a sheet, and lets its banner say so. What was armed in it the servers have disarmed before. It is forgotten last:
 * an execution that dies before leaves a sheet that can be retired again.
 */
export function letGo(ports: Pick<Ports, 'memory' | 'open' | 'now'>, memory: Memory, id: string): void {
  try {
    ports.open(id).writeHeartbeat({ until: new Date(ports.now()) });
  } catch (error) {
    // One that was deleted has no banner.
    console.warn(`The release sheet ${id}: ${(error as Error).message}`);
  }
  const others = memory.sheets.map((sheet) => sheet.id).filter((one) => one !== id);
  settleTriggers({ control: memory.control, sheets: others });
  ports.memory.removeSheet(id);
  console.log(`The release sheet ${id} is retired: nothing set in it will run.`);
}
