import { defineConfig } from '../../../../config/define-config.ts';
import type { AnswerCells, RowAnswer, SyncAnswer } from '../../../../contract/sync-answer.ts';
import type { EditEvent, SyncRequest } from '../../../../contract/sync-request.ts';
import type { Counts } from '../../../../lambda/src/notify/metrics.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { syncRundown } from '../../../../lambda/src/rundown/sync.ts';
import { runDueSteps } from '../../../../lambda/src/schedule/run-due-steps.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import type { Item } from '../../../../lambda/src/store/table.ts';
import { createMemoryRuleGroups } from '../../../memory-rule-groups.ts';
import { createMemoryTable } from '../../../memory-table.ts';
import { PAGES } from '../../../pages.ts';

/** A release sheet that does just what the contract of a sync says, over the real server: no script, no HTTP. */

export const START = Date.parse('2026-11-22T02:00:00Z');
export const MANAGER = 'release.manager@example.com';
export const DUTY = 'duty.manager@example.com';
export const CONTROLLER = 'drawbridge.controller@example.com';
export const MINUTE_MS = 60_000;
export const at = (minute: number, second = 0) => new Date(START + minute * MINUTE_MS + second * 1_000).toISOString();

const target = (host: string) => ({
  scope: 'REGIONAL' as const,
  region: 'eu-west-1',
  verification: { urls: [`https://${host}.example.com/`] },
});
const service = (name: string) => ({ name, targets: [target(name)] });

export interface Line {
  step: string;
  plannedStart: { text: string; at?: string };
  service: string;
  action: string;
  status: string;
  result: string;
  started: string;
  finished: string;
  by: string;
  operation: string;
}

export interface World {
  readonly clock: { now: number };
  readonly table: ReturnType<typeof createMemoryTable>;
  readonly ruleGroups: ReturnType<typeof createMemoryRuleGroups>;
  readonly notices: { subject: string; message: string }[];
  /** What each minute counted. */
  readonly counts: Counts[];
  readonly deps: Parameters<typeof syncRundown>[0];
  /** The schedules of a minute; time goes on first. */
  minute(): Promise<void>;
}

/** What a sheet needs of it. */
export type Server = Pick<World, 'clock' | 'deps' | 'minute'>;

export function createWorld({ production = false, probesPerSecond = 500 } = {}): World {
  const clock = { now: START };
  const table = createMemoryTable();
  const ruleGroups = createMemoryRuleGroups();
  const notices: { subject: string; message: string }[] = [];
  const counts: Counts[] = [];
  const config = defineConfig({
    controller: CONTROLLER,
    environments: {
      production: {
        production,
        operators: [MANAGER, DUTY],
        proof: { probesPerSecond },
        services: [service('shop'), service('payments')],
        groups: [{ name: 'storefront', services: ['shop', 'payments'] }],
      },
    },
  }).environments.production;
  if (!config) throw new Error('no environment');
  let made = 0;
  const deps = {
    environment: 'production',
    config,
    controller: CONTROLLER,
    pages: PAGES,
    now: () => clock.now,
    sleep: async (ms: number) => {
      clock.now += ms;
    },
    random: () => 0.5,
    log: () => {},
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups,
    region: 'eu-west-1',
    probe: async (url: string) => ruleGroups.visit(new URL(url).hostname.split('.')[0] as string),
    newId: () => {
      made += 1;
      return `production-${String(made).padStart(8, '0')}`;
    },
  };
  const minuteDeps = {
    ...deps,
    notify: async (notice: (typeof notices)[number]) => void notices.push(notice),
    measure: (counted: Counts) => void counts.push(counted),
  };
  return {
    clock,
    table,
    ruleGroups,
    notices,
    counts,
    deps,
    async minute() {
      clock.now += MINUTE_MS;
      await runDueSteps(deps, 0);
      await reconcile(minuteDeps);
    },
  };
}

export const line = (
  step: string,
  name: string,
  action: string,
  plannedStart = '',
  more: Partial<Line> = {},
): Line => ({
  step,
  plannedStart:
    plannedStart === '' ? { text: '' } : { text: plannedStart.slice(0, 16).replace('T', ' '), at: plannedStart },
  service: name,
  action,
  status: 'Planned',
  result: '',
  started: '',
  finished: '',
  by: '',
  operation: '',
  ...more,
});

/** Steps 2 to 8 of a night on Shop, five minutes apart, and one on Payments. */
export const night = (): Line[] => [
  line('2', 'shop', 'Enter maintenance', at(5)),
  line('5', 'shop', 'Enable allowlist', at(12)),
  line('7', 'shop', 'Disable allowlist', at(20)),
  line('8', 'shop', 'Exit maintenance', at(22)),
  line('9', 'payments', 'Enter maintenance', at(30)),
];

export class Terminal {
  readonly id: string;
  readonly lines: Line[];
  readonly allowlist: {
    row: number;
    address: string;
    who: string;
    until: { text: string; at?: string };
    services: string;
  }[] = [];
  timeZone = 'Etc/UTC';
  private readonly world: Server;
  protected syncs = 0;

  constructor(world: Server, id = 'release-42', lines = night()) {
    this.world = world;
    this.id = id;
    this.lines = lines;
  }

  step(name: string): Line {
    const found = this.lines.find(({ step }) => step === name);
    if (!found) throw new Error(`there is no step ${name}`);
    return found;
  }

  /** What is read now; sent at once, later, or twice. */
  read(cause: SyncRequest['cause'] = 'tick', edit?: EditEvent): SyncRequest {
    this.syncs += 1;
    // No two readings are of the same millisecond.
    this.world.clock.now += 1;
    return {
      protocol: 1,
      syncId: `${this.id}-sync-${this.syncs}`,
      readAt: new Date(this.world.clock.now).toISOString(),
      cause,
      ...(edit ? { edit } : {}),
      sheet: { name: this.id, timeZone: this.timeZone, locale: 'en_GB' },
      namesHash: '',
      ...(cause === 'poll'
        ? {}
        : { steps: this.lines.map((one, index) => ({ row: index + 2, ...structuredClone(one) })) }),
      ...(cause === 'poll' ? {} : { allowlist: structuredClone(this.allowlist) }),
    };
  }

  event(steps: readonly string[], by: string, more: Partial<EditEvent> = {}): EditEvent {
    const rows = steps.map((step) => this.lines.findIndex((one) => one.step === step) + 2);
    const seenAt = new Date(this.world.clock.now).toISOString();
    return { tab: 'rundown', by, rows, coversStatus: true, coversPlan: false, seenAt, ...more };
  }

  send(request: SyncRequest): Promise<SyncAnswer> {
    return syncRundown(this.world.deps, this.id, structuredClone(request));
  }

  /** Writes what was answered, as the contract says: a row that says otherwise by now is left alone. */
  apply({ rows }: Pick<SyncAnswer, 'rows'>): void {
    for (const answer of rows) {
      const found = this.find(answer);
      if (found) Object.assign(found, withoutPick(answer.cells));
    }
  }

  protected find({ basis }: RowAnswer): Line | undefined {
    const fits = (one: Line) =>
      basis.was.some(({ status, operation }) => one.status === status && one.operation === operation);
    const ids = basis.was.map(({ operation }) => operation).filter(Boolean);
    const byId = this.lines.filter(({ operation }) => ids.includes(operation));
    const byPlan = this.lines.filter(
      (one) => one.step === basis.step && one.service === basis.service && one.action === basis.action,
    );
    const both = byId.filter((one) => byPlan.includes(one));
    const [found] = [both, byId, byPlan].find((some) => some.length > 0) ?? [];
    return found && fits(found) ? found : undefined;
  }

  async sync(edit?: EditEvent): Promise<SyncAnswer> {
    const answer = await this.send(this.read(edit ? 'edit' : 'tick', edit));
    this.apply(answer);
    return answer;
  }

  /** That person sets Status, and the script follows what runs. */
  async set(step: string, status: string, by = MANAGER, more: Partial<EditEvent> = {}): Promise<void> {
    this.step(step).status = status;
    const answer = await this.sync(this.event([step], by, { typed: status, ...more }));
    await this.follow(answer);
  }

  async move(step: string, plannedStart: string, by = MANAGER): Promise<void> {
    this.step(step).plannedStart = { text: plannedStart.slice(0, 16).replace('T', ' '), at: plannedStart };
    await this.sync(this.event([step], by, { coversStatus: false, coversPlan: true }));
  }

  /** Polls while something runs, two minutes at most. */
  async follow({ again }: SyncAnswer): Promise<void> {
    const until = this.world.clock.now + 2 * MINUTE_MS;
    let afterMs = again.afterMs;
    while (afterMs < 10_000 && this.world.clock.now < until) {
      this.world.clock.now += afterMs;
      const isDue = this.lines.some(({ status, plannedStart }) => status === 'Scheduled' && plannedStart.at);
      const answer = await this.send(this.read(isDue ? 'tick' : 'poll'));
      this.apply(answer);
      afterMs = answer.again.afterMs;
    }
  }

  /** A minute passes for both ends; what is due within it is waited for. */
  async minute(): Promise<void> {
    await this.world.minute();
    let answer = await this.sync();
    if (answer.again.afterMs < MINUTE_MS && answer.again.afterMs > 10_000) {
      this.world.clock.now += answer.again.afterMs;
      answer = await this.sync();
    }
    await this.follow(answer);
  }

  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) await this.minute();
  }
}

function withoutPick({ pick: _pick, ...cells }: AnswerCells): Omit<AnswerCells, 'pick'> {
  return cells;
}

/** What was run, oldest first: step, service, action. */
export const ran = (world: World): string[] => operations(world, (item) => !item.problem);

/** What was committed as a refusal, oldest first: step, service, action. */
export const refused = (world: World): string[] => operations(world, (item) => item.problem !== undefined);

const operations = ({ table }: World, isMeant: (item: Item) => boolean): string[] =>
  table
    .items()
    .filter((item) => item.pk.startsWith('OPERATION#') && isMeant(item))
    .map(
      ({ request }) => request as { requestedAt: string; service: string; action: string; source: { step?: string } },
    )
    .sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1))
    .map(({ source, service: name, action }) => [source.step, name, action].join(' '));
