import { RELEASE_MANAGER } from '../local/people.ts';
import { stepOf } from '../local/sheet-rows.ts';
import { startStack } from '../local/stack.ts';
import { seconds, table } from './table.ts';

/** From a typed Go to the row’s end, on the local stack with its own propagation of some seconds. */

const RUNS = 3;

export async function benchEditToDone(dist: URL): Promise<string> {
  const stack = await startStack({ dist });
  try {
    const rows: string[][] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      for (const [service, action] of [
        ['payments', 'Enter maintenance'],
        ['payments', 'Exit maintenance'],
      ] as const) {
        const range = stepOf(stack, service, action).cell('Status');
        const go = { spreadsheetId: stack.releaseSheet, sheet: 'Rundown', range };
        const before = stack.hops.length;
        const from = performance.now();
        // A step that is Done already asks for a second Go.
        for (let set = 0; set < (run === 1 ? 1 : 2); set += 1) {
          await stack.runtime.edit({ ...go, values: [['Go']], user: RELEASE_MANAGER }).executions;
        }
        const whole = performance.now() - from;
        const hops = stack.hops.slice(before);
        const sent = hops.find(({ part, what }) => part === 'sheet' && what.startsWith('edit'))?.at ?? 0;
        const accepted = hops.find(({ part, what }) => part === 'waf' && what.startsWith('UpdateRuleGroup'))?.at ?? 0;
        rows.push([`${run}. ${action}`, seconds(accepted - sent), seconds(whole)]);
      }
    }
    return table(['payments', 'edit to WAF’s answer', 'edit to the row’s end'], rows);
  } finally {
    await stack.close();
  }
}
