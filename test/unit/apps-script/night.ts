import { exampleRundown } from '../../../release-sheet-template/rundown.ts';
import { builtScript } from './built-script.ts';
import { type Cell, Google, OWNER, type Run } from './google.ts';
import { NightServer, ServerThread } from './server/night-server.ts';

/** A release night: one sheet with the example rundown, the script connected and installed. */

export const SHEET = 'release-42';
export const MANAGER = 'release.manager@example.com';
export const DUTY = 'duty.manager@example.com';
export const MINUTE_MS = 60_000;

/** One thread for all nights of a file. */
let thread: ServerThread | undefined;
afterAll(() => thread?.stop());

/** Code.js as `npm run build` makes it; and the real server in a thread of its own. */
export async function builtCode(): Promise<string> {
  thread ??= await ServerThread.start();
  return builtScript();
}

/** A typed time is a date to the script. */
const dated = (cells: string[][]): Cell[][] =>
  cells.map((line, row) =>
    line.map((cell, at) => (row > 0 && at === 1 ? new Date(`${cell.replace(' ', 'T')}Z`) : cell)),
  );

/** A fresh night before each test of a file, all from one build. @returns The code, for tests that make more nights. */
export function eachNight(use: (night: Night) => void, options?: ConstructorParameters<typeof Night>[1]): () => string {
  let code: string;
  beforeAll(async () => {
    code = await builtCode();
  });
  beforeEach(() => use(new Night(code, options)));
  return () => code;
}

const environment = (name: string) => ({
  apiUrl: `https://api.${name}.example.com`,
  tokenUrl: `https://auth.${name}.example.com/oauth2/token`,
  clientId: `client-${name}`,
  clientSecret: `secret-${name}`,
});

export const connectBlock = (): string =>
  JSON.stringify({
    controller: OWNER,
    admins: [MANAGER],
    environments: { production: { ...environment('production'), production: true }, staging: environment('staging') },
  });

export class Night {
  readonly google: Google;
  readonly api: NightServer;

  constructor(code: string, { isProduction = false, moreServices = 0 } = {}) {
    if (!thread) throw new Error('builtCode() starts the server');
    this.google = new Google(code);
    this.api = new NightServer(thread, this.google, { isProduction, moreServices });
    this.google.network = this.api.network;
    this.addSheet(SHEET);
    this.google.scriptProperties.set('CONNECT', connectBlock());
    this.must(this.google.run('connect'));
    this.register(SHEET);
    this.google.triggers.push({ id: 'minute', handler: 'onMinute', source: null });
    // The first look: from here on its rows are known.
    this.must(this.google.run('onMinute'));
  }

  /** As Create in the control spreadsheet leaves it. */
  register(id: string): void {
    this.google.userProperties.set(`sheet:${id}`, JSON.stringify({ id, name: id }));
    this.google.triggers.push({ id, handler: 'onRundownEdit', source: id });
  }

  addSheet(id: string): void {
    const other: Cell[][] = Array.from({ length: 40 }, () => ['', '', '']);
    const tabs = new Map<string, Cell[][]>([
      ['Rundown', dated(exampleRundown(this.google.now))],
      ['Read me', other],
    ]);
    this.google.books.set(id, tabs);
  }

  private must({ error }: Run): void {
    if (error) throw new Error(error);
  }

  get cells(): Cell[][] {
    return this.google.tab(SHEET);
  }

  /** The row's number of a step, wherever it is now. */
  row(step: string | number): number {
    const column = this.column('Step') - 1;
    const index = this.cells.findIndex((line, at) => at > 0 && line[column] === String(step));
    if (index < 0) throw new Error(`there is no step ${step}`);
    return index + 1;
  }

  column(header: string): number {
    return (this.cells[0] as Cell[]).indexOf(header) + 1;
  }

  value(step: string | number, header: string): Cell {
    return (this.cells[this.row(step) - 1] as Cell[])[this.column(header) - 1] as Cell;
  }

  set(step: string | number, header: string, value: Cell): void {
    this.google.type(SHEET, this.row(step), this.column(header), [[value]]);
  }

  /** That person sets Status, and the event comes. */
  status(step: string | number, value: string, user = MANAGER, options: Parameters<Google['edit']>[5] = {}): Run {
    return this.google.edit(SHEET, this.row(step), this.column('Status'), [[value]], user, options);
  }

  go(step: string | number, user = MANAGER, options: Parameters<Google['edit']>[5] = {}): Run {
    return this.status(step, 'Go', user, options);
  }

  /** Operations that the server still owes an answer to. */
  unfinished(): unknown[] {
    return this.api.items().flatMap(({ intents }) => (Array.isArray(intents) ? intents : []));
  }

  /** A minute passes: the time trigger fires, and so do the server's schedules. */
  minute(cut?: Parameters<Google['run']>[2]): Run {
    this.google.now += MINUTE_MS;
    const run = this.google.run('onMinute', undefined, cut);
    this.api.minute();
    return run;
  }

  /** Steps of ours as people read them. */
  statuses(): Record<string, Cell> {
    const steps = this.cells.slice(1).map((line) => line[this.column('Step') - 1] as string);
    return Object.fromEntries(steps.filter(Boolean).map((step) => [step, this.value(step, 'Status')]));
  }

  /** What is left to do, as the server has it: what is armed, started and not committed, or not over. */
  get outbox(): string[] {
    const steps = this.api.items().filter(({ sk }) => String(sk).startsWith('STEP#')) as {
      intents?: object;
      armed?: { id: string };
      run?: { id: string; isOver: boolean };
    }[];
    return steps.flatMap(({ intents = {}, armed, run }) => [
      ...new Set([...Object.keys(intents), ...(armed ? [armed.id] : []), ...(run && !run.isOver ? [run.id] : [])]),
    ]);
  }
}
