import { testerOf } from '../../contract/allowlist.ts';
import { isLegal, MOVES } from '../../contract/modes.ts';
import type { SlackRecord } from '../../lambda/src/model/slack-record.ts';
import { createRundownStore } from '../../lambda/src/store/rundowns.ts';
import { createStore } from '../../lambda/src/store/store.ts';
import type { Item } from '../../lambda/src/store/table.ts';
import { PUBLIC } from '../memory-waf.ts';
import { ALEX, ON_CALL, SERVICES } from '../simulation/servers.ts';
import { PEOPLE } from '../simulation/slack-side.ts';
import { committed, leftOver, unprovenClaims } from '../simulation/truth.ts';
import { DUTY, type Line, MANAGER } from '../unit/lambda/rundown/terminal.ts';
import { TESTER } from './acts.ts';
import type { Stage } from './play.ts';
import { actionNamed, type WorldSheet } from './world-sheet.ts';

/** What must hold in every world, however it went. Each check says in words what does not. */

export interface Judged {
  readonly wrong: readonly string[];
  readonly checks: number;
  readonly operations: number;
}

const OPERATORS = [MANAGER, DUTY];
type Committed = ReturnType<typeof committed>[number];
const baseOf = (id: string): string => id.split('_')[0] as string;
/** What stands in a cell Service: of a group its members, of a title the service that has it. */
const TITLES: Readonly<Record<string, readonly string[]>> = {
  storefront: SERVICES,
  'Shop (staging)': ['shop-staging'],
};
const membersOf = (name: string): readonly string[] => TITLES[name] ?? [name];
/** Of all environments: no two have an operation or a service in common. */
const itemsOf = ({ environments }: Stage): Item[] => environments.flatMap(({ table }) => table.items());
/** The name of one service may begin that of another. */
const tellsOf = (text: string, service: string): boolean => new RegExp(`${service}(?![\\w-])`).test(text);
const storeFor = (stage: Stage, service: string) => createStore(stage.of(service).table);
const under = (items: readonly Item[], prefix: string) => items.filter(({ pk }) => pk.startsWith(prefix));

export async function judge(stage: Stage): Promise<Judged> {
  const { servers, sheets, environments, services } = stage;
  const items = itemsOf(stage);
  const operations = committed(items);
  const sites = await Promise.all(services.map((service) => wrongSite(stage, service)));
  const rows = await Promise.all(sheets.map((sheet) => wrongRows(stage, sheet, operations)));
  for (const item of items) servers.search('the table', JSON.stringify(item));
  for (const notice of environments.flatMap(({ notices }) => notices)) {
    servers.search('a notice', JSON.stringify(notice));
  }
  for (const sheet of sheets) servers.search('a cell', JSON.stringify([sheet.lines, sheet.picks]));
  for (const message of servers.slack.messages) servers.search('a message', JSON.stringify(message));
  const foreign = environments.flatMap((one) => [...one.foreign.keys()]);
  const isFought = (text: string) => foreign.some((service) => tellsOf(text, service));
  const isGone = (text: string) => goneIn(stage).some((service) => tellsOf(text, service));
  const all = [
    ...sites,
    ...rows,
    leftOver(items, servers.clock.now).filter(
      (text) => !isFought(serviceOf(text, operations)) && !isGone(serviceOf(text, operations)),
    ),
    wrongAudit(items),
    unaudited(items, services),
    strays(stage),
    wrongPeople(stage, operations),
    askedTooSeldom(stage, operations),
    firedThoughDisarmed(items, operations),
    unknownRevisions(stage, operations),
    ...environments.map((one) =>
      unprovenClaims(one.table.items(), one.probed, (service) => one.probedTargets(service)),
    ),
    untoldInSlack(stage, items),
    stage.servers.calls.leftBehind.map((call) => `${call}, of an execution that has ended`),
    ...environments.map(({ leaks }) => leaks),
    ...sheets.flatMap(({ wrong, falseClaims }) => [wrong, falseClaims]),
  ];
  return { wrong: all.flat(), checks: all.length, operations: operations.length };
}

const serviceOf = (text: string, operations: readonly Committed[]): string =>
  operations.find(({ operationId }) => text.startsWith(`${operationId} `))?.service ?? text;

/** Visitors get what was accepted last; what somebody else keeps changing is said. */
async function wrongSite(stage: Stage, service: string): Promise<string[]> {
  const servers = stage.of(service);
  const state = await createStore(servers.table).state(service);
  const last = committed(servers.table.items())
    .filter((one) => one.service === service)
    .sort((a, b) => a.evidence - b.evidence)
    .at(-1);
  const mode = last ? MOVES[last.request.action].to : 'normal';
  const isListed = state.allowlist.some((entry) => testerOf(entry).range.startsWith(TESTER));
  const tester = mode === 'normal' || (mode === 'maintenance-allowlist' && isListed) ? 200 : 503;
  // A service is closed only where all its targets are.
  const visits = servers.targetsOf(service).flatMap((target) =>
    [0, 0.999].flatMap(
      (dice) =>
        [
          [
            `the public at ${target}`,
            servers.waf.visit(service, dice, PUBLIC, target).status,
            mode === 'normal' ? 200 : 503,
          ],
          [`a tester at ${target}`, servers.waf.visit(service, dice, TESTER, target).status, tester],
        ] as const,
    ),
  );
  // Of what is in no config, and was open when it left, nobody knows what is written past the API.
  const isContested = servers.foreign.has(service) && (state.drift.length > 0 || goneIn(stage).includes(service));
  return [
    ...(state.mode === mode ? [] : [`${service} is wanted ${state.mode}; ${last?.operationId} asked for ${mode}`]),
    ...visits.flatMap(([who, got, due]) =>
      got === due || isContested ? [] : [`${who} gets ${got} of ${service}, which is to be ${mode}`],
    ),
  ];
}

const PICKS = 'Services';

/** What ran is what its row names. A pick is emptied when it is over. */
const isOf = ({ service, request }: Committed, row: Pick<Line, 'step' | 'service' | 'action'>): boolean =>
  membersOf(row.service).includes(service) && (row.step === PICKS || request.action === actionNamed(row.action));

async function wrongRows(stage: Stage, sheet: WorldSheet, operations: readonly Committed[]): Promise<string[]> {
  const { servers, environments } = stage;
  const rundowns = await Promise.all(environments.map(({ table }) => createRundownStore(table).load(sheet.id)));
  const known = rundowns.flatMap(({ steps }) => steps);
  const own = operations.filter(({ request }) => request.source.spreadsheetId === sheet.id);
  const wrong: string[] = [];
  const items = itemsOf(stage);
  const fought = await foughtOver(stage);
  const rows = [...sheet.lines, ...sheet.picks.map((one) => ({ step: PICKS, ...one }))];
  for (const row of rows) {
    const say = (why: string) =>
      wrong.push(`${sheet.id}, step ${row.step} ${row.service} says "${row.status}" (${row.result}): ${why}`);
    // What was typed there and never seen stays: its banner says that nothing in it is run.
    const isUnread = sheet.isRetired && ['Go', 'Scheduled'].includes(row.status);
    const isGivenUp = sheet.isRetired && row.status === 'Unproven' && row.result.includes('sheet was retired then');
    const isUnderWay = ['Go', 'Running', 'Unproven'].includes(row.status);
    // In doubt for as long as somebody else's rules are there.
    const isFought =
      row.status === 'Unproven' &&
      membersOf(row.service).some((service) => fought.has(service) || goneIn(stage).includes(service));
    if (isUnderWay && !isUnread && !isGivenUp && !isFought) say('nothing is under way any more');
    if (/^(Sending|Starting|Closing|Opening|Rehearsing)/.test(row.result) && row.status !== 'Unproven')
      say('it is long over');
    const run = own.filter(({ operationId }) => row.operation !== '' && baseOf(operationId) === row.operation);
    const ids = run.map(({ operationId }) => operationId);
    const [{ service } = { service: undefined }] = run;
    const states = service === undefined ? [] : await storeFor(stage, service).operations(ids);
    const isRefused = items.some(({ pk, problem }) => problem && baseOf(pk) === `OPERATION#${row.operation}`);
    const isProven = run.length > 0 && !isRefused && states.every((state) => state?.state === 'verified');
    // Of a Service that nobody knows: the row says that nobody can tell.
    const isUntold = row.result.startsWith(`We cannot see how ${row.operation} stands`);
    if (row.status === 'Done' && row.operation !== '' && !isProven && !isUntold) say('that was not proven');
    if (['Done', 'Failed', 'Accepted'].includes(row.status) && !run.every((one) => isOf(one, row)))
      say('that is another step');
    if (row.status === 'Failed' && isProven && !/^Until /.test(row.result)) say('it was proven');
    // An id that was copied stands in both rows until a person has said which one is the copy.
    const isCopied = rows.filter(({ operation }) => operation === row.operation).length > 1;
    const [{ request } = { request: undefined }] = run;
    if (request && !isCopied && row.by !== request.requestedBy) say(`by ${row.by}, not ${request.requestedBy}`);
    const isArmed = known.some(({ armed }) => armed?.step === row.step && armed.service === row.service);
    if (row.status === 'Scheduled' && !isArmed && !isUnread) say('nothing is armed');
  }
  for (const { service, action } of sheet.picks) {
    if (action !== '' && !sheet.isRetired) wrong.push(`${sheet.id} still asks for ${action} of ${service}`);
  }
  for (const { armed, seen, missingSince } of known) {
    if (!armed || missingSince !== undefined) continue;
    const isShown = sheet.lines.some((one) => one.step === seen.step && one.status === 'Scheduled');
    if (!isShown) wrong.push(`${sheet.id}, step ${seen.step} is armed and its row does not say so`);
    if (Date.parse(armed.at) + 11 * 60_000 < servers.clock.now) wrong.push(`${sheet.id}, step ${seen.step} is overdue`);
  }
  for (const [one, status] of sheet.left) {
    if (!sheet.lines.includes(one) || one.status === status) continue;
    wrong.push(`${sheet.id}, step ${one.step}: a person left it at ${status}, it says ${one.status} (${one.result})`);
  }
  return [...wrong, ...untold(sheet, own)];
}

/** Services that left the config while they were open: nobody looks at them any more, and what was opened again is not proven. */
function goneIn(stage: Stage): string[] {
  const items = itemsOf(stage);
  const isKnown = (service: string) =>
    stage.of(service).config.services.some(({ name }) => name === service) ||
    items.some(({ pk, sk }) => pk === 'CLOSED' && sk === service);
  return stage.services.filter((service) => !isKnown(service));
}

/** Each environment runs its own services, under ids of its own; and keeps nothing of another one's rows. */
function strays({ environments }: Stage): string[] {
  return environments.flatMap(({ site, table }) => {
    const isOwn = (service: string) => site.services.some(({ name }) => name === service);
    const operations = under(table.items(), 'OPERATION#') as unknown as Committed[];
    const steps = under(table.items(), 'RUNDOWN#').flatMap(
      ({ seen }) => (seen as { service: string; operation: string } | undefined) ?? [],
    );
    const isOthers = (name: string) =>
      environments.some(
        (other) => other.site !== site && other.site.services.some((one) => membersOf(name).includes(one.name)),
      );
    return [
      ...operations.flatMap(({ operationId, service }) =>
        isOwn(service) && /^direct-/.test(operationId) !== operationId.startsWith(`${site.environment}-`)
          ? []
          : [`${site.environment} ran ${operationId} of ${service}`],
      ),
      // A row belongs to whoever ran something in it, whatever is planned there since.
      ...steps.flatMap(({ service, operation }) =>
        operation === '' && isOthers(service) ? [`${site.environment} keeps a row of ${service}`] : [],
      ),
    ];
  });
}

/** Services whose rules somebody else changed, and that are said to be in doubt. */
async function foughtOver(stage: Stage): Promise<ReadonlySet<string>> {
  const fought = await Promise.all(
    stage.services.map(async (service) => {
      const { drift } = await storeFor(stage, service).state(service);
      const isInDoubt = drift.some(({ state }) => state !== 'repaired');
      return stage.of(service).foreign.has(service) && isInDoubt ? [service] : [];
    }),
  );
  return new Set(fought.flat());
}

/** The last run of a step stands in its row, unless a person touched it since. */
function untold(sheet: WorldSheet, own: readonly Committed[]): string[] {
  return sheet.lines.flatMap((one: Line) => {
    const isOf = ({ service, request }: Committed) =>
      request.source.step === one.step &&
      membersOf(one.service).includes(service) &&
      request.action === actionNamed(one.action);
    const last = own.filter(isOf).at(-1);
    // Of a row and its copy, either may be the one that was run; it may be gone by now.
    if (!last || sheet.copied.has(one.step) || (sheet.plans.get(one)?.length ?? 0) > 1) return [];
    if ((sheet.touched.get(one) ?? 0) > Date.parse(last.request.requestedAt)) return [];
    return one.operation === baseOf(last.operationId)
      ? []
      : [`${sheet.id}, step ${one.step} tells of ${one.operation || 'nothing'}, not of ${last.operationId}`];
  });
}

/** The message of what was asked in Slack says what was said of it last, and nothing runs twice for one wish. */
function untoldInSlack({ servers, wishes }: Stage, items: readonly Item[]): string[] {
  const records = under(items, 'SLACK-RECORD#') as unknown as SlackRecord[];
  const run = records.filter(({ operations }) => operations !== undefined);
  const wrong = run.flatMap(({ id, ts, said, state }) => {
    const shown = servers.slack.messages.find((one) => one.ts === ts)?.text;
    return state !== 'over' || shown === said ? [] : [`Slack shows of ${id}: ${shown}; said was: ${said}`];
  });
  return run.length <= wishes.length ? wrong : [...wrong, `${run.length} were run in Slack, asked ${wishes.length}`];
}

/** One entry of each operation, refused ones too, by whoever asked. */
function wrongAudit(items: readonly Item[]): string[] {
  const all = under(items, 'OPERATION#') as unknown as Committed[];
  const entries = (prefix: string) =>
    under(items, prefix)
      .filter(({ sk, kind }) => sk.startsWith('AUDIT#') && kind === 'operation')
      .map(({ operationId, by }) => `${operationId} by ${by}`)
      .sort();
  const wanted = (some: readonly Committed[]) =>
    some.map(({ operationId, request }) => `${operationId} by ${request.requestedBy}`).sort();
  const ofSheets = all.filter(({ request }) => request.source.kind === 'sheet');
  const both = [
    ['SERVICE#', wanted(all)],
    ['SHEET-AUDIT#', wanted(ofSheets)],
    ['AUDIT-BY-TIME', wanted(all)],
  ] as const;
  return both.flatMap(([prefix, due]) => {
    const found = entries(prefix);
    return found.join() === due.join() ? [] : [`the audit of ${prefix} has ${found}; run was ${due}`];
  });
}

/** Nothing changes what is wanted of a service without an entry. */
function unaudited(items: readonly Item[], services: readonly string[]): string[] {
  return services.flatMap((service) => {
    const own = items.filter(({ pk }) => pk === `SERVICE#${service}`);
    const revision = Number(own.find(({ sk }) => sk === 'STATE')?.revision ?? 0);
    const told = new Set(own.filter(({ sk }) => sk.startsWith('AUDIT#')).map((entry) => Number(entry.revision)));
    return Array.from({ length: revision }, (_, index) => index + 1).flatMap((one) =>
      told.has(one) ? [] : [`revision ${one} of ${service} is in no audit`],
    );
  });
}

/** Whoever an operation names set that very cell, and may. */
function wrongPeople({ sheets, ordered, wishes }: Stage, operations: readonly Committed[]): string[] {
  return operations.flatMap(({ operationId, service, request, committedAt }) => {
    const { requestedBy, source, action } = request;
    if (source.kind === 'break-glass') {
      const isOrdered = ordered.some(
        (one) => one.service === service && one.action === action && one.at <= Date.parse(committedAt),
      );
      const isTheirs = requestedBy === (operationId.startsWith('direct-') ? ALEX : ON_CALL);
      return isTheirs && isOrdered ? [] : [`${operationId} is by ${requestedBy}`];
    }
    if (!OPERATORS.includes(requestedBy)) return [`${operationId} was run for ${requestedBy || 'nobody'}`];
    if (source.kind === 'slack') {
      const isWished = wishes.some(({ userId, text, at: typedAt }) => {
        const [verb, named = ''] = text.split(' ');
        const isTheirs = PEOPLE[userId]?.profile?.email === requestedBy && typedAt <= Date.parse(committedAt);
        return isTheirs && verb === action && membersOf(named).includes(service);
      });
      return isWished ? [] : [`${operationId} (${action} ${service}) is by ${requestedBy}, who did not type it`];
    }
    const sheet = sheets.find(({ id }) => id === source.spreadsheetId);
    const isAsked = sheet?.asks.some(
      ({ row, by, at }) =>
        by === requestedBy &&
        at <= Date.parse(committedAt) &&
        sheet.plans
          .get(row)
          ?.some(
            (plan) =>
              plan.step === source.step &&
              membersOf(plan.service).includes(service) &&
              actionNamed(plan.action) === action,
          ),
    );
    return isAsked ? [] : [`${operationId} (${action} ${service}) is by ${requestedBy}, who did not ask for it`];
  });
}

/** As often as it was asked for, at most. */
function askedTooSeldom({ sheets }: Stage, operations: readonly Committed[]): string[] {
  return sheets.flatMap((sheet) => {
    const own = operations.filter(({ request }) => request.source.spreadsheetId === sheet.id);
    const steps = new Set(own.map(({ request }) => request.source.step));
    return [...steps].flatMap((step) => {
      const runs = new Set(
        own.filter(({ request }) => request.source.step === step).map((one) => baseOf(one.operationId)),
      );
      const asks = sheet.asks.filter(({ row }) => sheet.plans.get(row)?.some((plan) => plan.step === step));
      return runs.size <= asks.length
        ? []
        : [`step ${step} of ${sheet.id} ran ${runs.size} times, asked ${asks.length}`];
    });
  });
}

/** What was armed and then taken back does not run. */
function firedThoughDisarmed(items: readonly Item[], operations: readonly Committed[]): string[] {
  const entries = under(items, 'SHEET-AUDIT#');
  return operations.flatMap(({ operationId, service, committedAt, request }) => {
    const armed = entries.find(({ kind, operationId: id }) => kind === 'armed' && id === baseOf(operationId)) as
      | { at: string }
      | undefined;
    if (!armed) return [];
    const isAfter = (at: string) => at > armed.at && at < committedAt;
    const disarmed = entries.find(
      ({ kind, at, operationId: id }) => kind === 'disarmed' && id === baseOf(operationId) && isAfter(String(at)),
    );
    const opened = operations.find(
      (one) => one.service === service && one.changed && one.request.action === 'exit' && isAfter(one.committedAt),
    );
    // Fired by hand it runs for whoever set Go.
    const isByClock = entries.some(
      ({ kind, at, plannedAt }) => kind !== 'operation' && plannedAt === request.requestedAt && isAfter(String(at)),
    );
    return [
      ...(disarmed ? [`${operationId} ran though it was disarmed at ${disarmed.at}`] : []),
      ...(opened && isByClock ? [`${operationId} ran though ${opened.operationId} opened ${service} since`] : []),
    ];
  });
}

/** No visitor ever met rules that nobody had ordered; each order was legal when it was committed. */
function unknownRevisions(stage: Stage, operations: readonly Committed[]): string[] {
  const { ordered } = stage;
  const items = itemsOf(stage);
  const wrong = new Set<string>();
  for (const service of stage.services) {
    const entries = items.filter(({ pk, sk }) => pk === `SERVICE#${service}` && sk.startsWith('AUDIT#'));
    for (const { service: probed, at, seen } of stage.of(service).probed) {
      if (probed !== service || seen.kind !== 'answered' || !seen.maintenanceMode) continue;
      const revision = Number(/\d+/.exec(seen.maintenanceMode)?.[0]);
      // Past the API rules carry r0 (decision 8).
      if (revision === 0 && ordered.some((one) => one.isDirect && one.service === service && one.at <= at)) continue;
      const known = entries.some((one) => one.revision === revision && Date.parse(String(one.at)) <= at);
      if (!known) wrong.add(`${service} answered with ${seen.maintenanceMode}, which nobody had ordered`);
    }
    let mode: (typeof MOVES)[keyof typeof MOVES]['to'] = 'normal';
    const own = operations.filter((one) => one.service === service).sort((a, b) => a.evidence - b.evidence);
    for (const { request, operationId } of own) {
      // Past the API nobody asks: what was written there is taken over as it is.
      const isDirect = operationId.startsWith('direct-');
      if (!isDirect && !isLegal(request.action, mode))
        wrong.add(`${operationId}: ${request.action} is not legal from ${mode}`);
      mode = MOVES[request.action].to;
    }
  }
  return [...wrong];
}
