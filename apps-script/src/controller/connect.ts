import * as z from 'zod/mini';
import { pathOf } from '../../../contract/parse.ts';
import { type ConnectBlock, connectBlock, type StoredConnection } from '../api/connection.ts';
import { parseJson } from '../api/parse-json.ts';
import type { Ports } from '../ports.ts';
import { namesTold } from '../sync.ts';
import { refuseStrangers, requireScopes, scriptProperties, takeOwnership } from './ownership.ts';

/** Connecting environments, for the owner. */

const CONNECT = 'CONNECT';

/**
 * Takes the connections from the Script Property CONNECT, keeps them where only the owner can read them, and proves
 * them. The property goes as soon as they are kept: everybody who can see the script can see its Script Properties.
 *
 * @throws Error - A stranger runs it, the block is not understood, or an environment did not answer. Never quotes the block.
 */
export function connectEnvironments(ports: Ports): void {
  requireScopes();
  refuseStrangers(ports);
  const { memory } = ports;
  const block = scriptProperties().getProperty(CONNECT);
  if (!block) throw new Error(`Put the connections into the Script Property ${CONNECT}, then run connect() again.`);
  const { controller, admins, environments } = readBlock(block);
  takeOwnership(ports, controller);
  const before = memory.load().connections;
  const wasReal = (name: string) =>
    before.some(({ environment, isProduction }) => environment === name && isProduction);
  const connections = Object.entries(environments).map(
    ([environment, { production = wasReal(environment), ...access }]): StoredConnection => ({
      ...access,
      environment,
      isProduction: production,
    }),
  );
  memory.putConnections(connections);
  memory.putAdmins(admins.map((admin) => admin.toLowerCase()));
  scriptProperties().deleteProperty(CONNECT);
  ports.api.forget(connections);
  prove(ports, connections, environments);
}

function readBlock(block: string): ConnectBlock {
  const parsed = z.safeParse(connectBlock, parseJson(block));
  if (parsed.success) return parsed.data;
  // It cannot be kept, and there is a secret in it.
  scriptProperties().deleteProperty(CONNECT);
  const field = pathOf(parsed.error.issues[0]?.path ?? []) || 'the whole text';
  throw new Error(
    `${CONNECT} was removed, as it cannot be used: ${field} is not right. It must be { "controller", "admins", ` +
      '"environments": { "<name>": { "apiUrl", "tokenUrl", "clientId", "clientSecret" } } }, ' +
      'with https URLs, and apiUrl without a path. Print it anew with npm run connect.',
  );
}

/** Now its answer is worth something; later it could claim what it likes. */
function prove(ports: Ports, connections: readonly StoredConnection[], given: ConnectBlock['environments']): void {
  const answered = ports.api.services(connections);
  for (const { environment, told } of answered) {
    const names = told.services.map(({ service }) => service).join(', ');
    console.log(`${environment}: connected, ${told.services.length} services (${names}).`);
  }
  const toldOf = (name: string) => answered.find(({ environment }) => environment === name)?.told;
  ports.memory.putConnections(
    connections.map((one) => ({
      ...one,
      isProduction: given[one.environment]?.production ?? toldOf(one.environment)?.production ?? one.isProduction,
    })),
  );
  ports.memory.putNames(namesTold(answered));
  const silent = connections
    .map(({ environment }) => environment)
    .filter((name) => !answered.some(({ environment }) => environment === name));
  if (silent.length > 0) {
    throw new Error(
      `Kept, but not proven: ${silent.join(', ')} did not answer GET /services. ` +
        'Check its URLs and secret, then connect() again.',
    );
  }
  console.log(
    'Now, and not before, share this script as a viewer with everybody who sets steps: Google may not run a trigger for ' +
      'people who cannot view it. Then run install().',
  );
}
