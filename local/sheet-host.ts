import { titleOf } from '../config/names.ts';
import { parse } from '../contract/parse.ts';
import { problem } from '../contract/problem.ts';
import { servicesResponse } from '../contract/services.ts';
import { HEARTBEAT, HEARTBEAT_TAB } from '../release-sheet-template/tab.ts';
import { parseA1 } from './apps-script-runtime/spreadsheet/a1.ts';
import { SheetError } from './apps-script-runtime/spreadsheet/sheet-error.ts';
import type { Spreadsheet } from './apps-script-runtime/spreadsheet/spreadsheet.ts';
import { send } from './outside-network.ts';
import { formattingOf } from './page/formatting-of.ts';
import { PageProblem } from './page/page-problem.ts';
import type { PageEvent, RowChange, SheetHost, SpreadsheetFacts, Told } from './page/sheet-host.ts';
import type { Channel } from './page/slack-host.ts';
import { RELEASE_MANAGER } from './people.ts';
import { CONTROLLER } from './sheets.ts';
import type { LocalSlackApp } from './slack/start.ts';
import type { Stack } from './stack.ts';
import { visit } from './visit.ts';

/** What the page may see and do of the stack. */
export function sheetHost(stack: Stack): SheetHost {
  const { runtime, clock, releaseSheet, config } = stack;
  const book = (id = releaseSheet) => runtime.spreadsheets.get(id);

  return {
    spreadsheets: () => spreadsheetsOf(stack),
    async copy({ id, name, user = RELEASE_MANAGER }) {
      const account = accountOf(user);
      if (!book(id).isOpenTo(account)) throw new SheetError('You need permission to copy this.', { field: 'user' });
      return runtime.copySpreadsheet(id, { name, user: account });
    },
    tabs: (id) => book(id).tabNames(),
    tabFacts: (id) =>
      book(id)
        .tabs()
        .map(({ name, formatting }) => ({
          name,
          colour: formatting.tabColor ?? undefined,
          isHidden: formatting.isHidden,
        })),
    values: (sheet, id) => book(id).displayValues(sheet),
    rowsRevision: (sheet, id) => book(id).tab(sheet).rowsRevision,
    tabFormatting: (sheet, id) => formattingOf(book(id), sheet),
    async edit({ spreadsheet = releaseSheet, rowsRevision: _, ...edit }) {
      const account = accountOf(edit.user);
      const { executions, ...told } = runtime.edit({ ...edit, account, spreadsheetId: spreadsheet });
      // The page sees the script's writes as they come; a failed execution is in the runtime's list.
      executions.catch(() => {});
      return told;
    },
    rows: async (change) => changeRows(stack, change),
    undo: async ({ spreadsheet = releaseSheet, undo, user }) => runtime.undo(spreadsheet, undo, user),
    clock: {
      now: clock.now,
      moveTo: async (at) => clock.moveTo(at),
    },
    async run(functionName, user) {
      const { log, error } = await runtime.run(functionName, { user });
      if (error === `Script function not found: ${functionName}`)
        throw new PageProblem(
          'UNKNOWN_FUNCTION',
          `${error}. Choose one that the script has, such as onMinute.`,
          'function',
        );
      return { ok: error === undefined, log, error };
    },
    sites: () =>
      stack.sites.map(({ environment, service, target, url }) => {
        const known = config.environments[environment]?.services.find(({ name }) => name === service);
        return { environment, service, title: known ? titleOf(known) : service, target, url };
      }),
    visitSite({ service, target, as, path, accept }) {
      const door = stack.sites.find((site) => site.service === service && (target ?? site.target) === site.target);
      if (!door) throw problem('UNKNOWN_SERVICE', `There is no service "${service}" here.`, { field: 'service' });
      return visit(door.url, { as, path, headers: accept === undefined ? {} : { accept } });
    },
    async services() {
      const told = await Promise.all(Object.keys(stack.deployments).map((name) => servicesOf(stack, name)));
      return { services: told.flatMap(({ services }) => services), groups: told.flatMap(({ groups }) => groups) };
    },
    notices: () => stack.notices,
    hops: (since = 0) => stack.hops.filter(({ at }) => at >= since),
    channels: () => Object.entries(stack.slack).map(([environment, app]) => channelOf(environment, app)),
    async act(act) {
      const app = stack.slack[act.environment];
      if (!app) throw problem('UNKNOWN_ROUTE', `${act.environment} has no Slack app.`);
      if (act.kind === 'command') await app.command(act);
      else if (act.kind === 'press') await app.press(act);
      else await app.submit(act);
    },
    token: stack.token,
    onChange: (listener) => listenToAll(stack, listener),
  };
}

/** Whom Google does not name is still somebody who can write into the sheet. */
const accountOf = (user: string): string => user || RELEASE_MANAGER;

const ORDER: readonly SpreadsheetFacts['kind'][] = ['release', 'control', 'copy', undefined];

/** The seeded release sheet first: every call means it that names none. */
function spreadsheetsOf({ runtime, releaseSheet, controlSheet }: Stack): SpreadsheetFacts[] {
  const place = ({ id, kind }: SpreadsheetFacts) => (id === releaseSheet ? -1 : ORDER.indexOf(kind));
  return runtime.spreadsheets
    .list()
    .map((one) => ({ id: one.id, name: one.name, timeZone: one.timeZone, kind: kindOf(one, controlSheet) }))
    .sort((a, b) => place(a) - place(b));
}

/** A release sheet says for which spreadsheet it was made; in a copy that is another one, until it is registered. */
function kindOf(spreadsheet: Spreadsheet, controlSheet: string): SpreadsheetFacts['kind'] {
  if (spreadsheet.id === controlSheet) return 'control';
  const heartbeat = spreadsheet.tabNamed(HEARTBEAT_TAB);
  const [[madeFor] = []] = heartbeat ? spreadsheet.displayed(heartbeat, parseA1(HEARTBEAT.spreadsheet)) : [];
  if (madeFor === spreadsheet.id) return 'release';
  return spreadsheet.owner === CONTROLLER ? undefined : 'copy';
}

function changeRows({ runtime, releaseSheet }: Stack, change: RowChange): Told {
  const { spreadsheet = releaseSheet, sheet, kind, row = 2, count = 1, column = 1 } = change;
  const account = accountOf(change.user);
  if (kind === 'insert') return runtime.insertRows(spreadsheet, sheet, row, count, account);
  if (kind === 'delete') return runtime.deleteRows(spreadsheet, sheet, row, count, account);
  return runtime.sort(spreadsheet, sheet, column, true, account);
}

function channelOf(environment: string, { slack, workspace }: LocalSlackApp): Channel {
  const { messages, ephemerals, people, views } = workspace;
  return {
    environment,
    channel: slack.channels[0] ?? '',
    command: slack.command,
    people: people.map(({ id, name }) => ({ id, name })),
    messages,
    ephemerals,
    forms: views.map(({ userId, view }) => ({ userId, view })),
  };
}

/** As anybody with a token would ask. */
async function servicesOf(stack: Stack, environment: string) {
  const authorization = `Bearer ${await stack.token(environment)}`;
  const answer = await send({
    url: `${stack.gateway.apiUrl(environment)}/services`,
    method: 'GET',
    headers: { authorization },
  });
  const { services, groups } = parse(servicesResponse, JSON.parse(answer.body));
  return {
    services: services.map((service) => ({ ...service, environment })),
    groups: groups.map((group) => ({ ...group, environment })),
  };
}

function listenToAll({ runtime, clock, onHop, slack }: Stack, listener: (event: PageEvent) => void): () => void {
  const ends = [
    runtime.onChange(({ spreadsheetId, sheet, what }) =>
      listener({ kind: 'sheet', spreadsheet: spreadsheetId, sheet, what }),
    ),
    runtime.onSpreadsheets((spreadsheet) => listener({ kind: 'spreadsheets', spreadsheet })),
    clock.onMove(() => listener({ kind: 'clock', now: new Date(clock.now()).toISOString() })),
    ...Object.values(slack).map(({ workspace }) => workspace.onChange(() => listener({ kind: 'slack' }))),
    onHop((hop) => {
      listener({ kind: 'hop', hop });
      // A written rule group is what can change how a service looks; asking for it would be a hop again.
      if (hop.part === 'waf' && hop.what.startsWith('Update')) listener({ kind: 'services' });
      if (hop.part === 'sns' && hop.ok) listener({ kind: 'notices' });
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
