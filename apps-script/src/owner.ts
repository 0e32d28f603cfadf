import * as z from 'zod/mini';
import { pathOf } from '../../contract/parse.ts';
import { type Connection, connectBlock } from './connections.ts';
import type { Doors } from './doors.ts';
import { fromJson } from './json.ts';

/** What only the script's owner may do: connect environments, install triggers. */

const CONNECT = 'CONNECT';
const RELEASE_SHEETS = 'RELEASE_SHEETS';
/** In the Script Properties, where it stands against everybody: User Properties are another set for each user. */
const OWNER = 'OWNER';

const scriptProperties = () => PropertiesService.getScriptProperties();

/** @throws Error - Somebody else than the recorded owner runs it. */
function refuseStrangers({ controller }: Doors): string {
  const owner = scriptProperties().getProperty(OWNER) ?? '';
  if (owner && owner.toLowerCase() !== controller().toLowerCase()) throw new Error(`Only ${owner} may run this.`);
  return owner;
}

/**
 * Takes the connections from the Script Property CONNECT, keeps them where only the owner can read them, and proves
 * them. The property goes as soon as they are kept: everybody who can see the script can see its Script Properties.
 *
 * @throws Error - A stranger runs it, the block is not understood, or an environment did not answer. Never quotes the block.
 */
export function connectEnvironments(doors: Doors): void {
  refuseStrangers(doors);
  const { store, api, controller } = doors;
  const block = scriptProperties().getProperty(CONNECT);
  if (!block) throw new Error(`Put the connections into the Script Property ${CONNECT}, then run connect() again.`);
  const connections = connectionsOf(block);
  store.putConnections(connections);
  scriptProperties().deleteProperty(CONNECT);
  scriptProperties().setProperty(OWNER, controller());
  prove(connections, api.services(connections), store);
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
  return Object.entries(parsed.data.environments).map(([environment, given]) => ({
    ...given,
    environment,
    services: [],
  }));
}

type Proven = ReturnType<Doors['api']['services']>;

function prove(connections: readonly Connection[], told: Proven, store: Doors['store']): void {
  store.putConnections(told.map(({ connection, services }) => ({ ...connection, services })));
  for (const { connection, services } of told) {
    const names = services.map(({ name }) => name).join(', ');
    console.log(`${connection.environment}: connected, ${services.length} services (${names}).`);
  }
  const silent = connections
    .map(({ environment }) => environment)
    .filter((environment) => !told.some(({ connection }) => connection.environment === environment));
  if (silent.length === 0) return;
  throw new Error(
    `Kept, but not proven: ${silent.join(', ')} did not answer GET /services. ` +
      'Check its URLs and secret, then connect() again.',
  );
}

/**
 * Installs one onEdit trigger for each release sheet and one minute trigger, and takes away those that are too many.
 * Run again, it changes nothing.
 *
 * @throws Error - Nobody has connected yet, a stranger runs it, or a sheet cannot be opened.
 */
export function installTriggers(doors: Doors): void {
  if (!refuseStrangers(doors)) throw new Error('Run connect() first: it records whose script this is.');
  const listed = (scriptProperties().getProperty(RELEASE_SHEETS) ?? '').split(',').map((id) => id.trim());
  const wanted = [...new Set(listed.filter(Boolean))];
  if (wanted.length === 0) {
    throw new Error(
      `Put the ids of the release sheets, with commas between, into the Script Property ${RELEASE_SHEETS}.`,
    );
  }
  for (const id of wanted) doors.open(id);
  doors.store.putSheets(wanted);
  const present = ScriptApp.getProjectTriggers();
  const kept = keepOneOfEach(present, wanted);
  for (const id of wanted.filter((one) => !kept.has(one))) {
    ScriptApp.newTrigger('onRundownEdit').forSpreadsheet(id).onEdit().create();
  }
  if (!kept.has('')) ScriptApp.newTrigger('onMinute').timeBased().everyMinutes(1).create();
}

/** @returns The sheets that have their trigger; the minute's is told as a blank. */
function keepOneOfEach(present: readonly GoogleAppsScript.Script.Trigger[], wanted: readonly string[]): Set<string> {
  const kept = new Set<string>();
  for (const trigger of present) {
    const handler = trigger.getHandlerFunction();
    if (handler !== 'onRundownEdit' && handler !== 'onMinute') continue;
    const what = handler === 'onMinute' ? '' : (trigger.getTriggerSourceId() ?? '');
    if (kept.has(what) || (handler === 'onRundownEdit' && !wanted.includes(what))) ScriptApp.deleteTrigger(trigger);
    else kept.add(what);
  }
  return kept;
}
