import * as z from 'zod/mini';
import type { Connection } from '../../apps-script/src/api/connection.ts';
import type { Ports } from '../../apps-script/src/ports.ts';
import { findRow, saysAsAnswered } from '../../apps-script/src/sheet/find-row.ts';
import type { Board, Row } from '../../apps-script/src/sheet/rundown-tab.ts';
import { claimOf, editFor, linesFor } from '../../apps-script/src/sync-request.ts';
import { answerUnclaimed, answerUnclaimedPicks } from '../../apps-script/src/unclaimed.ts';
import { ACTIONS, MOVES } from '../../contract/modes.ts';
import { planKey } from '../../contract/sync.ts';
import { type RowAnswer, type SyncAnswer, syncAnswer } from '../../contract/sync-answer.ts';
import type { EditEvent, SyncRequest } from '../../contract/sync-request.ts';
import { SHARES } from '../../lambda/src/proof/required-run.ts';
import { wallTime } from '../../lambda/src/rundown/plan/wall-time.ts';
import { blankPick, type Claim, LiveSheet, type Outcome, type Pick } from '../simulation/live-sheet.ts';
import { SERVICES } from '../simulation/servers.ts';
import { committed } from '../simulation/truth.ts';
import { at, type Line, line, START } from '../unit/lambda/rundown/terminal.ts';
import { type Delivery, OWN_CELLS, type World } from './acts.ts';
import type { WorldServers } from './world-servers.ts';

/** A release sheet of a world: people, an unreliable Google, and what each person asked for. */

/** Somebody set Go or Scheduled, or picked an Action. */
export interface Ask {
  readonly row: object;
  readonly by: string;
  readonly word: string;
  readonly at: number;
}

export interface Plan {
  readonly step: string;
  readonly service: string;
  readonly action: string;
}

const UNKNOWN_ID = 'production-99999999';
const KEYS: ReadonlySet<string> = new Set([...OWN_CELLS, 'pick']);

export class WorldSheet extends LiveSheet {
  readonly asks: Ask[] = [];
  /** Whatever a row has planned, and when it began to. */
  readonly plans = new Map<object, Plan[]>();
  /** When a person last touched a row. */
  readonly touched = new Map<object, number>();
  /** What operators left rows at, with an event that was answered. */
  readonly left = new Map<Line, string>();
  /** Steps of rows that were copied. */
  readonly copied = new Set<string>();
  readonly wrong: string[] = [];
  /** Ends at the next act. */
  readonly waiting: (() => Promise<void>)[] = [];
  private readonly covered = new WeakMap<EditEvent, readonly Line[]>();
  private readonly from: WorldServers;
  private readonly all: readonly WorldServers[];
  /** As the script knows the environments: where a row belongs is for it to say. */
  private readonly connections: Connection[];
  /** By environment, of its newest answer. */
  private readonly sequences = new Map<string, number>();
  private isLate = false;
  private made = 0;
  private readonly script: NonNullable<World['script']>;

  constructor(all: readonly WorldServers[], index: number, { zone = 'Etc/UTC', script = 'same' }: Omit<World, 'acts'>) {
    const servers = all[0] as WorldServers;
    const others = all.length > 1 ? [firstNightElsewhere(), secondNightElsewhere()][index] : [];
    const lines = [...(index === 0 ? firstNight() : secondNight()), ...(others ?? [])];
    const services = all.flatMap(({ site }) => site.services.map(({ name }) => name));
    super(servers, lines, services.map(blankPick), `release-${42 + index}`);
    this.from = servers;
    this.all = all;
    this.connections = all.map(connectionTo);
    this.script = script;
    this.timeZone = zone;
    for (const one of this.lines) {
      const inNight = Date.parse(one.plannedStart.at as string) - START;
      one.plannedStart = this.cellAt(servers.clock.now + inNight);
      this.planned(one);
    }
  }

  /** What a cell says that holds this instant, to the minute. */
  private cellAt(at: number): Line['plannedStart'] {
    return { text: wallTime(at, this.timeZone).slice(0, 16), at: new Date(at).toISOString() };
  }

  /** The cells say what they said; in another zone that is another instant, as Google reads it. */
  changeZone(zone: string): void {
    this.timeZone = zone;
    for (const one of this.lines) {
      if (one.plannedStart.at) one.plannedStart = { ...one.plannedStart, at: instantOf(one.plannedStart.text, zone) };
      this.touch(one);
    }
  }

  private planned(one: Line): void {
    const plan = { step: one.step, service: one.service, action: one.action };
    this.plans.set(one, [...(this.plans.get(one) ?? []), plan]);
  }

  protected override get environments(): readonly WorldServers[] {
    return this.all;
  }

  override read(cause: SyncRequest['cause'] = 'tick', edit?: EditEvent): SyncRequest {
    const lines = edit && this.covered.get(edit);
    if (!edit || !lines) return super.read(cause, edit);
    const rows = lines.flatMap((one) => (this.lines.includes(one) ? [this.lines.indexOf(one) + 2] : []));
    return super.read(cause, { ...edit, rows });
  }

  /** Its own rows, as the script tells them apart. */
  protected override readFor(
    { site }: WorldServers,
    cause: SyncRequest['cause'] = 'tick',
    edit?: EditEvent,
  ): SyncRequest {
    const { steps, picks, allowlist, edit: event, ...request } = this.read(cause, edit);
    const isOwn = (row: unknown) => claimOf(this.connections, row as Line)?.environment === site.environment;
    const own = { ...(steps ? { steps: steps.filter(isOwn) } : {}), ...(picks ? { picks: picks.filter(isOwn) } : {}) };
    const connection = this.connections.find(({ environment }) => environment === site.environment) as Connection;
    return {
      ...request,
      ...own,
      ...(event ? { edit: editFor(event, ((event.tab === 'services' ? own.picks : own.steps) ?? []) as Row[]) } : {}),
      ...(allowlist ? { allowlist: linesFor(this.connections, connection, allowlist as { services: string }[]) } : {}),
    };
  }

  protected override applyFrom({ site: { environment } }: WorldServers, answer: SyncAnswer): void {
    // An older answer is not applied over a newer one.
    if (answer.sequence < (this.sequences.get(environment) ?? 0)) return;
    this.sequences.set(environment, answer.sequence);
    for (const { basis, cells } of answer.rows) {
      const foreign = Object.keys(cells).filter((key) => !KEYS.has(key));
      if (foreign.length > 0) this.wrong.push(`an answer writes the cells ${foreign}`);
      if (cells.operation && !cells.operation.startsWith(`${environment}-`)) {
        this.wrong.push(`${environment} writes ${cells.operation} into step ${basis.step}`);
      }
    }
    if (answer.names) {
      const { names } = answer;
      const at = this.connections.findIndex((one) => one.environment === environment);
      this.connections[at] = { ...(this.connections[at] as Connection), names };
    }
    this.apply(answer);
  }

  /** What no environment knows, the script answers itself. */
  private answerUnclaimed(lines: readonly Line[]): void {
    const rows = lines.map((one) => ({ ...one, row: this.lines.indexOf(one) + 2 })) as unknown as Row[];
    const picks = this.picks.map((one, index) => ({ ...one, row: index + 2 })) as unknown as Board['rows'];
    const world = { connections: this.connections };
    this.apply({ rows: [...answerUnclaimed(NO_PORTS, world, rows), ...answerUnclaimedPicks(NO_PORTS, world, picks)] });
  }

  /** As the real script finds it. */
  protected override find(answer: RowAnswer): Line | undefined {
    const rows = this.lines.map((one, index) => ({ ...one, row: index + 2 })) as unknown as Row[];
    const found = findRow(rows, answer);
    const isSamePlan = found !== undefined && planKey(found) === planKey(answer.basis);
    return found && saysAsAnswered(found, answer, isSamePlan) ? this.lines[found.row - 2] : undefined;
  }

  /** Where rules spread slowly, no more may be left than the claim says. */
  protected override diceOf(action: string): readonly number[] {
    return [0, 1 - (action === 'Exit maintenance' ? SHARES.open : SHARES.closed)];
  }

  protected override checkClaim(told: string, claim: Claim): void {
    const [, named = '', action = ''] = /^\S+ (\S+) ([^:]*):/.exec(told) ?? [];
    const id = told.split(' | ').at(-1) ?? '';
    const isPlain = (service: string) => {
      const at = this.all.find(({ site }) => site.services.some(({ name }) => name === service));
      const last = committed(at?.table.items() ?? []).findLast((one) => one.service === service);
      const isLast = last?.operationId.split('_')[0] === id && last.request.action === actionNamed(action);
      return isLast && !at?.foreign.has(service);
    };
    const services = named === 'storefront' ? SERVICES : [named];
    if (action !== '' && id !== '' && !this.isLate && services.every(isPlain)) super.checkClaim(told, claim);
  }

  protected override async ask(request: SyncRequest, environment: WorldServers): Promise<Outcome> {
    const outcome = await super.ask(asScript(request, this.script), environment);
    environment.syncs += 1;
    if (typeof outcome === 'object' && 'answer' in outcome) return { answer: asRead(outcome.answer, this.script) };
    // A sheet in which a step runs is not retired.
    if (typeof outcome === 'object' && 'refused' in outcome && request.cause !== 'retire') {
      this.wrong.push(`a sync that is well formed was refused: ${outcome.refused}`);
      return 'unreachable';
    }
    return outcome;
  }

  /** People type into a cell; then the event comes, or not. */
  async status(rows: readonly number[], status: string, by: string, event: Delivery, isFollowed: boolean) {
    const lines = [...new Set(rows.flatMap((row) => this.lines[row % Math.max(1, this.lines.length)] ?? []))];
    if (lines.length === 0) return;
    for (const one of lines) {
      const isFree = !['Go', 'Running', 'Unproven', 'Scheduled'].includes(one.status) && !/^Sending/.test(one.result);
      one.status = status;
      this.touch(one);
      this.left.delete(one);
      if (status === 'Go' || status === 'Scheduled') this.asked(one, by, status);
      else if (status === 'Skipped' && isFree) this.left.set(one, status);
    }
    const typed = lines.length === 1 ? { typed: status } : {};
    const of = () => this.cover({ ...this.event([], by, typed) }, lines);
    await this.sendEvent(of, event, isFollowed);
  }

  async pickNow(service: string, action: string, by: string, event: Delivery, isFollowed: boolean) {
    const row = this.picks.findIndex((one) => one.service === service);
    const pick = this.picks[row] as Pick;
    pick.action = action;
    this.touch(pick);
    this.asked(pick, by, action);
    this.plans.set(pick, [...(this.plans.get(pick) ?? []), { step: 'Services', service, action }]);
    const of = (): EditEvent => ({ ...this.event([], by, { typed: action }), tab: 'services', rows: [row + 2] });
    await this.sendEvent(of, event, isFollowed);
  }

  async moveRow(row: number, byMinutes: number, by: string, event: Delivery, isFollowed: boolean) {
    const one = this.at(row);
    if (!one?.plannedStart.at) return;
    one.plannedStart = this.cellAt(Date.parse(one.plannedStart.at) + byMinutes * 60_000);
    await this.changed(one, by, event, isFollowed);
  }

  async plan(row: number, change: Partial<Plan>, by: string, event: Delivery, isFollowed: boolean) {
    const one = this.at(row);
    if (!one) return;
    Object.assign(one, change);
    this.planned(one);
    await this.changed(one, by, event, isFollowed);
  }

  private async changed(one: Line, by: string, event: Delivery, isFollowed: boolean) {
    this.touch(one);
    const of = () => this.cover(this.event([], by, { coversStatus: false, coversPlan: true }), [one]);
    await this.sendEvent(of, event, isFollowed);
  }

  arrange(row: number, how: 'copy' | 'insert' | 'delete' | 'sort'): void {
    const one = this.at(row);
    if (!one) return;
    const place = this.lines.indexOf(one);
    if (how === 'delete') this.lines.splice(place, 1);
    if (how === 'sort') this.lines.sort((a, b) => ((a.plannedStart.at ?? '') < (b.plannedStart.at ?? '') ? -1 : 1));
    if (how === 'copy') {
      const copy = structuredClone(one);
      this.lines.splice(place + 1, 0, copy);
      this.copied.add(one.step);
      this.plans.set(copy, [...(this.plans.get(one) ?? [])]);
      for (const both of [one, copy]) this.touch(both);
    }
    if (how === 'insert') {
      this.made += 1;
      const fresh = line(`n${this.made}`, 'shop', 'Exit maintenance', at(9 + this.made));
      fresh.plannedStart = this.cellAt(this.from.clock.now + 5 * 60_000);
      this.lines.splice(place, 0, fresh);
      this.planned(fresh);
    }
  }

  forge(row: number, cell: (typeof OWN_CELLS)[number], text: string): void {
    const one = this.at(row);
    if (!one) return;
    const isGuessed = /^production-\d+$/.test(text) && !this.from.hasMade(text);
    one[cell] = isGuessed ? UNKNOWN_ID : text;
    this.left.delete(one);
    this.touch(one);
  }

  allow(address: string, services: string, untilAt: string | undefined): void {
    const until = untilAt ? { text: untilAt, at: untilAt } : { text: '' };
    this.allowlist.push({ row: this.allowlist.length + 2, address, who: 'Ana', until, services });
  }

  /** What was held up comes now. */
  async catchUp(): Promise<void> {
    for (const work of this.waiting.splice(0)) await work();
  }

  private at(row: number): Line | undefined {
    return this.lines[row % Math.max(1, this.lines.length)];
  }

  private touch(row: object): void {
    this.touched.set(row, this.from.clock.now);
  }

  private asked(row: object, by: string, word: string): void {
    this.asks.push({ row, by, word, at: this.from.clock.now });
  }

  private cover(event: EditEvent, lines: readonly Line[]): EditEvent {
    this.covered.set(event, lines);
    return event;
  }

  /** @param of - The event as it is seen at that moment. */
  private async sendEvent(of: () => EditEvent, delivery: Delivery, isFollowed: boolean): Promise<void> {
    switch (delivery) {
      case 'lost':
        return;
      case 'at once':
        return this.deliver(of(), isFollowed);
      case 'twice':
        await Promise.all([this.deliver(of(), isFollowed), this.deliver(of(), false)]);
        return;
      case 'sent again':
        return this.each(of(), async (environment, event) => {
          const request = this.readFor(environment, 'edit', event);
          const outcomes = [await this.ask(request, environment), await this.ask(request, environment)];
          for (const outcome of outcomes) this.take(environment, outcome);
        });
      case 'unanswered':
        return this.each(of(), async (environment, event) => {
          await this.ask(this.readFor(environment, 'edit', event), environment);
        });
      case 'late event':
        this.waiting.push(() => this.deliver(of(), isFollowed));
        return;
      case 'late request':
        return this.each(of(), async (environment, event) => {
          const request = this.readFor(environment, 'edit', event);
          this.waiting.push(async () => {
            const outcome = await this.ask(request, environment);
            if (outcome !== 'read-again') return this.take(environment, outcome);
            const again = { ...this.readFor(environment, 'edit', event), syncId: request.syncId };
            this.take(environment, await this.ask(again, environment));
          });
        });
      case 'late answer':
        return this.each(of(), async (environment, event) => {
          const outcome = await this.ask(this.readFor(environment, 'edit', event), environment);
          this.waiting.push(async () => {
            this.isLate = true;
            this.take(environment, outcome);
            this.isLate = false;
          });
        });
    }
  }

  /** Of each environment that has a row of the event. */
  private async each(event: EditEvent, work: (environment: WorldServers, event: EditEvent) => Promise<void>) {
    await Promise.all(this.concerned(event).map((environment) => work(environment, event)));
  }

  private edited(event: EditEvent): readonly (Line | Pick)[] {
    if (event.tab === 'services') return event.rows.flatMap((row) => this.picks[row - 2] ?? []);
    return this.covered.get(event) ?? [];
  }

  protected override concerned(event: EditEvent): readonly WorldServers[] {
    const names = this.edited(event).map((row) => claimOf(this.connections, row)?.environment);
    return this.all.filter(({ site }) => names.includes(site.environment));
  }

  protected override async deliver(event: EditEvent, isFollowed: boolean): Promise<void> {
    if (event.tab !== 'services' && event.coversStatus) this.answerUnclaimed(this.covered.get(event) ?? []);
    await super.deliver(event, isFollowed);
  }

  override async tick(): Promise<void> {
    if (!this.isRetired) this.answerUnclaimed(this.lines);
    await super.tick();
  }

  private take(environment: WorldServers, outcome: Outcome): void {
    if (typeof outcome === 'object' && 'answer' in outcome) this.applyFrom(environment, outcome.answer);
  }
}

/** Its names come with the first answer. */
const connectionTo = ({ site }: WorldServers): Connection => ({
  environment: site.environment,
  isProduction: site.isProduction,
  ...{ apiUrl: '', tokenUrl: '', clientId: '', clientSecret: '' },
  names: {
    hash: '',
    services: site.services.map(({ name, title = name }) => ({ name, title })),
    groups: site.groups.map(({ name, services }) => ({ name, title: name, services: [...services] })),
  },
});

/** Nobody is asked for names that came with no answer. */
const NO_PORTS = { api: { services: () => [] }, memory: { putNames: () => {} } } as unknown as Ports;

/** What an older script does not send yet, and a newer one sends besides. */
function asScript(request: SyncRequest, script: World['script']): SyncRequest {
  if (script === 'older') {
    const { namesHash: _hash, ...older } = request;
    return older as SyncRequest;
  }
  if (script !== 'newer') return request;
  const more = { added: { later: ['on'] } };
  const rows = (some: readonly unknown[] | undefined) => some?.map((row) => ({ ...(row as object), ...more }));
  const { steps, picks, allowlist, edit } = request;
  return {
    ...request,
    ...more,
    sheet: { ...request.sheet, ...more },
    ...(edit ? { edit: { ...edit, ...more } } : {}),
    ...(steps ? { steps: rows(steps) } : {}),
    ...(picks ? { picks: rows(picks) } : {}),
    ...(allowlist ? { allowlist: rows(allowlist) } : {}),
  } as SyncRequest;
}

/** As the script reads it: against a server that is older than a newer script, and newer than an older one. */
function asRead(answer: SyncAnswer, script: World['script']): SyncAnswer {
  const { ignored: _ignored, names: _names, banner, ...rest } = answer;
  const older = { ...rest, banner: { connectedUntil: banner.connectedUntil } };
  const newer = { ...answer, added: 'later', rows: answer.rows.map((row) => ({ ...row, added: 'later' })) };
  const sent = script === 'newer' ? older : script === 'older' ? newer : answer;
  return z.parse(syncAnswer, sent);
}

/** As Google reads what was typed: of an hour that comes twice the first one, of one that is left out the hour after. */
function instantOf(text: string, zone: string): string {
  const asUtc = Date.parse(`${text.replace(' ', 'T')}:00Z`);
  const offsetAt = (at: number) => Date.parse(`${wallTime(at, zone).replace(' ', 'T')}Z`) - at;
  const first = asUtc - offsetAt(asUtc - 12 * 3_600_000);
  const isFirst = wallTime(first, zone).slice(0, 16) === text;
  return new Date(isFirst ? first : asUtc - offsetAt(asUtc + 12 * 3_600_000)).toISOString();
}

export const actionNamed = (title: string) => ACTIONS.find((action) => MOVES[action].title === title);

const firstNight = (): Line[] => [
  line('2', 'shop', 'Enter maintenance', at(2)),
  line('5', 'shop', 'Enable allowlist', at(5)),
  line('7', 'shop', 'Disable allowlist', at(9)),
  line('8', 'shop', 'Exit maintenance', at(14)),
  line('9', 'payments', 'Enter maintenance', at(4)),
  line('10', 'payments', 'Exit maintenance', at(12)),
  line('11', 'storefront', 'Enter maintenance', at(18)),
  line('12', 'storefront', 'Exit maintenance', at(22)),
];

/** In another environment, in none, and of a Service that nobody knows. */
const firstNightElsewhere = (): Line[] => [
  line('20', 'shop-staging', 'Enter maintenance', at(3)),
  line('21', 'Shop (staging)', 'Exit maintenance', at(11)),
  line('22', '', 'Enter maintenance', at(6)),
  line('23', 'warehouse', 'Enter maintenance', at(7)),
];

const secondNightElsewhere = (): Line[] => [
  line('5', 'shop-staging', 'Enter maintenance', at(5)),
  line('6', 'shop-staging', 'Exit maintenance', at(15)),
];

const secondNight = (): Line[] => [
  line('1', 'shop', 'Enter maintenance', at(3)),
  line('2', 'shop', 'Exit maintenance', at(10)),
  line('3', 'payments', 'Enter maintenance', at(6)),
  line('4', 'payments', 'Exit maintenance', at(16)),
];
