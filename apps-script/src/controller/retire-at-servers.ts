import { PROTOCOL, type SyncRequest } from '../../../contract/sync.ts';
import type { Connection } from '../api/connection.ts';
import type { SheetRecord } from '../memory.ts';
import type { Ports } from '../ports.ts';

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
  const request = ({ names }: Connection): SyncRequest => ({
    protocol: PROTOCOL,
    syncId: ports.newSyncId(),
    readAt: new Date(ports.now()).toISOString(),
    cause: 'retire',
    by,
    sheet: { name, timeZone: 'Etc/UTC', locale: '' },
    namesHash: names.hash,
  });
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
