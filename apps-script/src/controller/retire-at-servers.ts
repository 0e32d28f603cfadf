import type { Connection } from '../api/connection.ts';
import type { SheetRecord } from '../memory.ts';
import type { Ports } from '../ports.ts';
import { syncRequest } from '../sync-request.ts';

/**
 * Every environment disarms what is armed in the sheet before its script goes: what is armed there would run without it.
 * @throws Error - One of them could not be asked, or refused. The sheet then stays as it is.
 */
export function retireAtServers(
  ports: Ports,
  connections: readonly Connection[],
  { id, name }: SheetRecord,
  by: string,
): void {
  const sheet = { name, timeZone: 'Etc/UTC', locale: '' };
  const request = (one: Connection) =>
    syncRequest(connections, one, { readAt: ports.now() }, { syncId: ports.newSyncId(), cause: 'retire', by, sheet });
  const answers = ports.api.ask(
    connections.map((connection) => ({
      connection,
      method: 'post',
      path: `/rundowns/${id}/sync`,
      body: JSON.stringify(request(connection)),
    })),
  );
  const failed = connections.flatMap(({ environment }, at) => {
    const answer = answers[at];
    if (answer === undefined || answer.kind === 'ok') return [];
    return [`${environment}: ${answer.kind === 'problem' ? answer.message : answer.why}`];
  });
  if (failed.length === 0) return;
  throw new Error(
    `The sheet is still connected, as not every environment could be told: ${failed.join('; ')}. ` +
      'What is armed in it may still run.',
  );
}
