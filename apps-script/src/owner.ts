import { parse } from '../../contract/parse.ts';
import { type Connection, connectBlock, connection } from './connections.ts';
import type { Doors } from './doors.ts';

/** What only the script's owner may do: connect environments, install triggers. */

const CONNECT = 'CONNECT';
const RELEASE_SHEETS = 'RELEASE_SHEETS';

/** @throws Error - Somebody else than the recorded owner runs it. */
function refuseStrangers({ owner }: { owner: string }): string {
  const me = Session.getEffectiveUser().getEmail();
  if (owner && owner.toLowerCase() !== me.toLowerCase()) throw new Error(`Only ${owner} may run this.`);
  return me;
}

/** Takes the block that `ops/connect` prints from the Script Property CONNECT, keeps it where only the owner can read it, and proves it. */
export function connectEnvironments({ store, api }: Doors): void {
  const me = refuseStrangers(store.load());
  const script = PropertiesService.getScriptProperties();
  const block = script.getProperty(CONNECT);
  if (!block)
    throw new Error(
      `Put the block that ops/connect prints into the Script Property ${CONNECT}, then run connect() again.`,
    );
  const { environments } = parse(connectBlock, JSON.parse(block));
  const connections = Object.entries(environments).map(([environment, given]) =>
    parse(connection, { ...given, environment }),
  );
  store.putConnections(connections, me);
  // Everybody who can see the script can see its Script Properties.
  script.deleteProperty(CONNECT);
  prove(connections, api.services(connections), store);
}

type Proven = ReturnType<Doors['api']['services']>;

function prove(connections: readonly Connection[], told: Proven, store: Doors['store']): void {
  store.putConnections(told.map(({ connection, services }) => ({ ...connection, services })));
  const silent = connections.filter(
    ({ environment }) => !told.some(({ connection }) => connection.environment === environment),
  );
  for (const { connection, services } of told) {
    console.log(
      `${connection.environment}: connected, ${services.length} services (${services.map(({ name }) => name).join(', ')}).`,
    );
  }
  if (silent.length > 0) {
    const names = silent.map(({ environment }) => environment).join(', ');
    throw new Error(
      `Kept, but not proven: ${names} did not answer GET /services. Check its URLs and secret, then connect() again.`,
    );
  }
}

/** Installs the two kinds of triggers, one of each; run again, it changes nothing. */
export function installTriggers({ store }: Doors): void {
  refuseStrangers(store.load());
  const wanted = (PropertiesService.getScriptProperties().getProperty(RELEASE_SHEETS) ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  const present = ScriptApp.getProjectTriggers();
  const watched = present
    .filter((one) => one.getHandlerFunction() === 'onRundownEdit')
    .map((one) => one.getTriggerSourceId());
  for (const id of wanted.filter((one) => !watched.includes(one))) {
    ScriptApp.newTrigger('onRundownEdit').forSpreadsheet(id).onEdit().create();
  }
  if (!present.some((one) => one.getHandlerFunction() === 'onMinute')) {
    ScriptApp.newTrigger('onMinute').timeBased().everyMinutes(1).create();
  }
  store.putSheets(wanted);
}
