import type * as z from 'zod/mini';
import { parse } from '../../contract/parse.ts';
import { PageProblem } from './page-problem.ts';
import {
  clockRequest,
  copyRequest,
  editRequest,
  hopsQuery,
  noQuery,
  rowsRequest,
  runRequest,
  slackRequest,
  spreadsheetQuery,
  tokenQuery,
  undoRequest,
  visitQuery,
} from './requests.ts';
import type { RowChange, SheetEdit, SheetHost, Told } from './sheet-host.ts';

/** A request past the guards: `input` is the body of a POST, the query of a GET. */
export interface Asked {
  readonly input: unknown;
  /** What stands for the `*` of the route, decoded. */
  readonly rest: string;
}

export type Route = (host: SheetHost, asked: Asked) => unknown;

/** Checks the input by its schema, so that past this point nothing is unknown. */
const taking =
  <T extends z.ZodMiniType>(schema: T, answer: (host: SheetHost, input: z.output<T>, rest: string) => unknown): Route =>
  (host, { input, rest }) =>
    answer(host, parse(schema, input), rest);

function known(
  code: 'UNKNOWN_SPREADSHEET' | 'UNKNOWN_SHEET' | 'UNKNOWN_SERVICE' | 'UNKNOWN_ENVIRONMENT',
  field: string,
  name: string | undefined,
  names: readonly string[],
): void {
  if (name === undefined || names.includes(name)) return;
  const what = code.slice('UNKNOWN_'.length).toLowerCase();
  throw new PageProblem(
    code,
    `There is no ${what} ${JSON.stringify(name)}. Choose one of: ${names.join(', ')}.`,
    field,
  );
}

function knownSheet(host: SheetHost, { spreadsheet, sheet }: { spreadsheet?: string; sheet?: string }): void {
  const ids = host.spreadsheets().map(({ id }) => id);
  known('UNKNOWN_SPREADSHEET', 'spreadsheet', spreadsheet, ids);
  known('UNKNOWN_SHEET', 'sheet', sheet, host.tabs(spreadsheet));
}

/** A person means the row that they look at, and not the one that stands in its place by now. */
function unmoved(host: SheetHost, { spreadsheet, sheet, rowsRevision }: SheetEdit | RowChange): void {
  if (rowsRevision === undefined || rowsRevision === host.rowsRevision(sheet, spreadsheet)) return;
  throw new PageProblem(
    'ROWS_MOVED',
    `Rows of ${sheet} were inserted, deleted or sorted since you looked at them: nothing was changed. Look again, then repeat it.`,
    'rowsRevision',
  );
}

const copy = taking(copyRequest, async (host, { name, user }, id) => {
  knownSheet(host, { spreadsheet: id });
  return { id: await host.copy({ id, name, user }) };
});

/** Without warnings it says nothing of them. */
const applied = ({ warnings, undo }: Told) => ({
  applied: true,
  warnings: warnings.length > 0 ? warnings : undefined,
  undo,
});

const clockNow = ({ clock }: SheetHost) => ({ now: new Date(clock.now()).toISOString() });

const moveClock = taking(clockRequest, async (host, { now, advanceMs }) => {
  const from = host.clock.now();
  const to = advanceMs === undefined ? new Date(now as string | number).getTime() : from + advanceMs;
  if (to < from) {
    const message = `The clock can only be moved forward. It is ${new Date(from).toISOString()}: choose a later time.`;
    throw new PageProblem('CLOCK_BACKWARD', message, 'now');
  }
  await host.clock.moveTo(to);
  return clockNow(host);
});

const visitSite = taking(visitQuery, (host, asked) => {
  const doors = host.sites();
  known('UNKNOWN_SERVICE', 'service', asked.service, [...new Set(doors.map(({ service }) => service))]);
  const targets = doors.filter(({ service }) => service === asked.service).map(({ target }) => target);
  known('UNKNOWN_SERVICE', 'target', asked.target, targets);
  return host.visitSite(asked);
});

const token = taking(tokenQuery, async (host, { environment }) => {
  const environments = [...new Set(host.sites().map((site) => site.environment))];
  known('UNKNOWN_ENVIRONMENT', 'environment', environment, environments);
  return { token: await host.token(environment) };
});

/** Everything below `/api/`, except the stream of events. */
export const ROUTES: Readonly<Record<string, Readonly<Partial<Record<string, Route>>>>> = {
  '/api/spreadsheets/*/copy': { POST: copy },
  '/api/spreadsheets': { GET: taking(noQuery, (host) => ({ spreadsheets: host.spreadsheets() })) },
  '/api/sheets': {
    GET: taking(spreadsheetQuery, (host, { spreadsheet }) => {
      knownSheet(host, { spreadsheet });
      return { tabs: host.tabs(spreadsheet) };
    }),
  },
  '/api/sheets/*': {
    GET: taking(spreadsheetQuery, (host, { spreadsheet }, sheet) => {
      knownSheet(host, { spreadsheet, sheet });
      return { values: host.values(sheet, spreadsheet), rowsRevision: host.rowsRevision(sheet, spreadsheet) };
    }),
  },
  '/api/formatting': {
    GET: taking(spreadsheetQuery, (host, { spreadsheet }) => {
      knownSheet(host, { spreadsheet });
      return { tabs: host.tabFacts(spreadsheet) };
    }),
  },
  '/api/formatting/*': {
    GET: taking(spreadsheetQuery, (host, { spreadsheet }, sheet) => {
      knownSheet(host, { spreadsheet, sheet });
      return { formatting: host.tabFormatting(sheet, spreadsheet) };
    }),
  },
  '/api/edits': {
    POST: taking(editRequest, async (host, edit) => {
      knownSheet(host, edit);
      unmoved(host, edit);
      return applied(await host.edit(edit));
    }),
  },
  '/api/rows': {
    POST: taking(rowsRequest, async (host, change) => {
      knownSheet(host, change);
      unmoved(host, change);
      const made = applied(await host.rows(change));
      return { ...made, rowsRevision: host.rowsRevision(change.sheet, change.spreadsheet) };
    }),
  },
  '/api/undo': {
    POST: taking(undoRequest, async (host, asked) => {
      knownSheet(host, asked);
      return applied(await host.undo(asked));
    }),
  },
  '/api/clock': { GET: taking(noQuery, clockNow), POST: moveClock },
  '/api/run': { POST: taking(runRequest, (host, asked) => host.run(asked.function, asked.user)) },
  '/api/sites': { GET: taking(noQuery, (host) => ({ sites: host.sites() })) },
  '/api/visit': { GET: visitSite },
  '/api/services': { GET: taking(noQuery, (host) => host.services()) },
  '/api/notices': { GET: taking(noQuery, (host) => ({ notices: host.notices() })) },
  '/api/hops': {
    GET: taking(hopsQuery, (host, { since }) => ({ hops: host.hops(since === undefined ? undefined : Number(since)) })),
  },
  '/api/slack': {
    GET: taking(noQuery, (host) => ({ channels: host.channels() })),
    POST: taking(slackRequest, async (host, act) => {
      const names = host.channels().map(({ environment }) => environment);
      known('UNKNOWN_ENVIRONMENT', 'environment', act.environment, names);
      await host.act(act);
      return { sent: true };
    }),
  },
  '/api/token': { GET: token },
};

/** Of each route its segments; what names everything goes before what has a `*`. */
const PATHS = Object.entries(ROUTES)
  .map(([path, methods]) => ({ segments: path.split('/'), methods }))
  .sort((a, b) => Number(a.segments.includes('*')) - Number(b.segments.includes('*')));

/** The methods of a path, and what stands for the `*` of its route. */
export function routeOf(path: string): { methods: Readonly<Partial<Record<string, Route>>>; rest: string } | undefined {
  const asked = path.split('/');
  const found = PATHS.find(
    ({ segments }) =>
      segments.length === asked.length && segments.every((one, at) => one === asked[at] || (one === '*' && asked[at])),
  );
  if (!found) return undefined;
  const { segments, methods } = found;
  return { methods, rest: decoded(asked[segments.indexOf('*')] ?? '', segments.includes('spreadsheets')) };
}

function decoded(text: string, isSpreadsheet: boolean): string {
  try {
    return decodeURIComponent(text);
  } catch {
    const [code, field] = isSpreadsheet
      ? (['UNKNOWN_SPREADSHEET', 'spreadsheet'] as const)
      : (['UNKNOWN_SHEET', 'sheet'] as const);
    throw new PageProblem(code, `The name ${text} is not percent-encoded UTF-8.`, field);
  }
}
