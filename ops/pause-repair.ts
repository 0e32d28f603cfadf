import type { EnvironmentConfig } from '../config/schema.ts';
import { readDuration } from '../contract/duration.ts';
import type { BreakGlassApi } from './break-glass-api.ts';
import { serviceOf } from './built-config.ts';
import { confirm, type Terminal, UsageError } from './command.ts';
import type { Values } from './request-options.ts';

const MINUTE_MS = 60_000;

/** Leaves a service's rules alone while an engineer works on them by hand, once the person has typed its name. */
export async function pauseRepair(
  terminal: Terminal,
  { name, reason, values, environment }: PauseRequest,
  connect: () => Promise<Pick<BreakGlassApi, 'pauseRepair'>>,
): Promise<void> {
  const service = serviceOf(environment, name);
  const forMs = values.for === '0' ? 0 : readDuration(values.for ?? '');
  if (forMs === undefined || forMs % MINUTE_MS !== 0)
    throw new UsageError('Say for how long: --for 30m; --for 0 ends it.');
  const api = await connect();
  const question = `What somebody changes in the firewall rules of ${name} in ${values.environment} will not be put back.`;
  if (forMs > 0) await confirm(terminal, question, name, values.yes);
  const answer = await api.pauseRepair({ service: service.name, forMinutes: forMs / MINUTE_MS, reason });
  terminal.out(values.json ? JSON.stringify(answer) : answer.message);
}

interface PauseRequest {
  readonly name: string;
  readonly reason: string;
  readonly values: Values;
  readonly environment: EnvironmentConfig;
}
