import type { DisarmAnswer } from '../contract/break-glass.ts';
import type { BreakGlassApi } from './break-glass-api.ts';
import { confirm, type Terminal } from './command.ts';

/** Disarms every step of every release sheet of an environment, once the person has typed its name. */
export async function disarm(
  terminal: Terminal,
  { environment, reason, yes }: { environment: string; reason: string; yes: boolean },
  connect: () => Promise<Pick<BreakGlassApi, 'disarm'>>,
): Promise<void> {
  const question = `No step of any release sheet of ${environment} will run by the clock until it is scheduled again.`;
  const api = await connect();
  await confirm(terminal, question, environment, yes);
  terminal.out(disarmedLine(await api.disarm(reason)));
}

export const disarmedLine = ({ environment, steps, sheets }: DisarmAnswer): string =>
  steps === 0
    ? `${environment}: no step was armed.`
    : `${environment}: ${count(steps, 'step')} in ${count(sheets, 'release sheet')} will not run by the clock any more. ` +
      'Their rows say so when their sheets are next synced.';

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
