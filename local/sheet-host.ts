import { titleOf } from '../contract/config.ts';
import { parse } from '../contract/parse.ts';
import { problem } from '../contract/problem.ts';
import { servicesResponse } from '../contract/services.ts';
import { send } from './outside-network.ts';
import type { PageEvent, RowChange, SheetHost } from './page/sheet-host.ts';
import { RELEASE_MANAGER } from './people.ts';
import type { Stack } from './stack.ts';
import { visit } from './visit.ts';

/** What the page may see and do of the stack. */
export function sheetHost(stack: Stack): SheetHost {
  const { runtime, clock, releaseSheet, config } = stack;
  const book = (id = releaseSheet) => runtime.spreadsheets.get(id);

  return {
    spreadsheets: () => runtime.spreadsheets.list().map(({ id, name, timeZone }) => ({ id, name, timeZone })),
    tabs: (id) => book(id).tabNames(),
    values: (sheet, id) => book(id).displayValues(sheet),
    async edit({ spreadsheet = releaseSheet, ...edit }) {
      // Whom Google does not name is still somebody who can write into the sheet.
      const account = edit.user || RELEASE_MANAGER;
      const { executions } = runtime.edit({ ...edit, account, spreadsheetId: spreadsheet });
      // The page sees the script's writes as they come; a failed execution is in the runtime's list.
      executions.catch(() => {});
    },
    async rows(change) {
      changeRows(stack, change);
    },
    clock: {
      now: clock.now,
      moveTo: async (at) => clock.moveTo(at),
    },
    async run(functionName) {
      const { log, error } = await runtime.run(functionName);
      return { ok: error === undefined, log, error };
    },
    sites: () =>
      stack.sites.map(({ environment, service, target, url }) => {
        const known = config.environments[environment]?.services.find(({ name }) => name === service);
        return { environment, service, title: known ? titleOf(known) : service, target, url };
      }),
    look({ service, target, as, path, accept }) {
      const door = stack.sites.find((site) => site.service === service && (target ?? site.target) === site.target);
      if (!door) throw problem('UNKNOWN_SERVICE', `There is no service "${service}" here.`, { field: 'service' });
      return visit(door.url, { as, path, headers: accept === undefined ? {} : { accept } });
    },
    services: async () =>
      (await Promise.all(Object.keys(stack.deployments).map((name) => servicesOf(stack, name)))).flat(),
    hops: (since = 0) => stack.hops.filter(({ at }) => at >= since),
    token: stack.token,
    onChange: (listener) => listenToAll(stack, listener),
  };
}

function changeRows({ runtime, releaseSheet }: Stack, change: RowChange): void {
  const { spreadsheet = releaseSheet, sheet, kind, row = 2, count = 1, column = 1 } = change;
  if (kind === 'insert') runtime.insertRows(spreadsheet, sheet, row, count);
  if (kind === 'delete') runtime.deleteRows(spreadsheet, sheet, row, count);
  if (kind === 'sort') runtime.sort(spreadsheet, sheet, column);
}

/** As anybody with a token would ask. */
async function servicesOf(stack: Stack, environment: string) {
  const authorization = `Bearer ${await stack.token(environment)}`;
  const answer = await send({
    url: `${stack.gateway.apiUrl(environment)}/services`,
    method: 'GET',
    headers: { authorization },
  });
  const { services } = parse(servicesResponse, JSON.parse(answer.body));
  return services.map((service) => ({ ...service, environment }));
}

function listenToAll({ runtime, clock, onHop }: Stack, listener: (event: PageEvent) => void): () => void {
  const ends = [
    runtime.onChange(({ spreadsheetId, sheet }) => listener({ kind: 'sheet', spreadsheet: spreadsheetId, sheet })),
    clock.onMove(() => listener({ kind: 'clock', now: new Date(clock.now()).toISOString() })),
    onHop((hop) => {
      listener({ kind: 'hop', hop });
      // A written rule group is what can change how a service looks; asking for it would be a hop again.
      if (hop.part === 'waf' && hop.what.startsWith('Update')) listener({ kind: 'services' });
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
