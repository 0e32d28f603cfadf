import * as z from 'zod/mini';
import { pathOf } from '../../../contract/parse.ts';
import { type Connection, connectBlock, connection } from '../connections.ts';
import type { Doors } from '../doors.ts';
import { fromJson } from '../json.ts';
import { refresh } from '../loop.ts';
import { refuseStrangers, scriptProperties, takeOwnership } from './ownership.ts';

/** Connecting environments, for the owner. */

const CONNECT = 'CONNECT';

/**
 * Takes the connections from the Script Property CONNECT, keeps them where only the owner can read them, and proves
 * them. The property goes as soon as they are kept: everybody who can see the script can see its Script Properties.
 *
 * @throws Error - A stranger runs it, the block is not understood, or an environment did not answer. Never quotes the block.
 */
export function connectEnvironments(doors: Doors): void {
  refuseStrangers(doors);
  const { store } = doors;
  const block = scriptProperties().getProperty(CONNECT);
  if (!block) throw new Error(`Put the connections into the Script Property ${CONNECT}, then run connect() again.`);
  const connections = connectionsOf(block);
  store.putConnections(connections);
  scriptProperties().deleteProperty(CONNECT);
  takeOwnership(doors);
  doors.api.forget(connections);
  prove(connections, refresh(doors, connections));
}

function connectionsOf(block: string): Connection[] {
  const parsed = z.safeParse(connectBlock, fromJson(block));
  if (!parsed.success) {
    // It cannot be kept, and there is a secret in it.
    scriptProperties().deleteProperty(CONNECT);
    const field = pathOf(parsed.error.issues[0]?.path ?? []) || 'the whole text';
    throw new Error(
      `${CONNECT} was removed, as it cannot be used: ${field} is not right. It must be ` +
        '{ "environments": { "<name>": { "apiUrl", "tokenUrl", "clientId", "clientSecret" } } }, ' +
        'with https URLs, and apiUrl without a path.',
    );
  }
  return Object.entries(parsed.data.environments).map(([environment, given]) =>
    z.parse(connection, { ...given, environment }),
  );
}

function prove(asked: readonly Connection[], told: readonly Connection[]): void {
  const answered = told.filter((one) => !asked.includes(one));
  for (const { environment, services } of answered) {
    const names = services.map(({ name }) => name).join(', ');
    console.log(`${environment}: connected, ${services.length} services (${names}).`);
  }
  const silent = told.filter((one) => asked.includes(one)).map(({ environment }) => environment);
  if (silent.length === 0) return;
  throw new Error(
    `Kept, but not proven: ${silent.join(', ')} did not answer GET /services. ` +
      'Check its URLs and secret, then connect() again.',
  );
}
