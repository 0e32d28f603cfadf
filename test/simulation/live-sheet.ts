import { DO_NOW_STEP } from '../../contract/operation.ts';
import { ALL_STEPS, rehearsalByTitle } from '../../contract/rehearsal.ts';
import type { SyncAnswer } from '../../contract/sync-answer.ts';
import type { AllowlistLine, EditEvent, SyncRequest } from '../../contract/sync-request.ts';
import { AS_WRITTEN, PUBLIC } from '../memory-waf.ts';
import { type Line, MANAGER, MINUTE_MS, night, Terminal } from '../unit/lambda/rundown/terminal.ts';
import { SERVICES, type Servers } from './servers.ts';

/** A release sheet whose script does what the real one does when a request is not answered: it sends the same again. */

const RESEND_FOR_MS = 60_000;
const RESEND_EVERY_MS = 5_000;
const FOLLOW_MS = 120_000;
const FOLLOW_TICK_MS = 50_000;
const MOST_REREADS = 3;
const never = (): boolean => false;

export type Outcome = { readonly answer: SyncAnswer } | 'read-again' | 'unreachable' | { readonly refused: string };

export type Claim = 'accepted' | 'done';

/** A row of the tab Services. */
export interface Pick {
  readonly service: string;
  action: string;
  status: string;
  result: string;
  started: string;
  finished: string;
  by: string;
  operation: string;
}

export const blankPick = (service: string): Pick => ({
  service,
  ...{ action: '', status: '', result: '', started: '', finished: '', by: '', operation: '' },
});

const answersOf = (outcome: Outcome): SyncAnswer[] =>
  typeof outcome === 'object' && 'answer' in outcome ? [outcome.answer] : [];

const isStill = ({ cells }: SyncAnswer['rows'][number]): boolean => cells.status !== 'Running';

export class LiveSheet extends Terminal {
  readonly picks: Pick[];
  isRetired = false;
  /** Rows that claimed what was not so at that moment. */
  readonly falseClaims: string[] = [];
  readonly servers: Servers;

  constructor(servers: Servers, lines: Line[] = night(), picks: Pick[] = SERVICES.map(blankPick), id = 'release-42') {
    super({ clock: servers.clock, deps: undefined as never, minute: () => servers.minute() }, id, lines);
    this.servers = servers;
    this.picks = picks;
  }

  /** The same sheet, over servers that have come just as far. */
  over(servers: Servers): LiveSheet {
    const sheet = new LiveSheet(servers, structuredClone(this.lines), structuredClone(this.picks), this.id);
    sheet.allowlist.push(...structuredClone(this.allowlist));
    sheet.syncs = this.syncs;
    return sheet;
  }

  /** The environments that the script is connected to. */
  protected get environments(): readonly Servers[] {
    return [this.servers];
  }

  /** What is read for one of them. */
  protected readFor(_environment: Servers, cause: SyncRequest['cause'] = 'tick', edit?: EditEvent): SyncRequest {
    return this.read(cause, edit);
  }

  /** What one of them answered. */
  protected applyFrom(_environment: Servers, answer: SyncAnswer): void {
    this.apply(answer);
  }

  override read(cause: SyncRequest['cause'] = 'tick', edit?: EditEvent): SyncRequest {
    const request = super.read(cause, edit);
    if (cause === 'poll' || cause === 'retire') return request;
    const picks = this.picks.map((one, index) => ({ row: index + 2, ...structuredClone(one) }));
    const { steps, ...rest } = request;
    // Who rehearses all steps is told in their rows.
    const isOfAll = picks.some(({ action }) => rehearsalByTitle(action) === ALL_STEPS);
    if (edit?.tab === 'services') return isOfAll ? { ...request, picks } : { ...rest, picks };
    return { ...request, ...(edit ? {} : { picks }) };
  }

  override apply({ rows }: { readonly rows: SyncAnswer['rows'] }): void {
    const before = this.told();
    super.apply({ rows: rows.filter(({ tab }) => tab === 'rundown') });
    for (const { basis, cells } of rows.filter(({ tab }) => tab === 'services')) {
      const pick = this.picks.find(({ service }) => service === basis.service);
      const fits = basis.was.some((was) => was.status === pick?.status && was.operation === pick.operation);
      const { pick: empties, ...own } = cells;
      const isPicked = pick?.action === basis.action;
      if (pick && fits) Object.assign(pick, own, empties === '' && isPicked ? { action: '' } : {});
    }
    const after = this.told();
    for (const [index, line] of after.entries()) {
      if (line === before[index]) continue;
      this.servers.note(`  the sheet says ${line}`);
      if (line.includes(': Done |') && !before[index]?.includes(': Done |')) this.checkClaim(line, 'done');
      if (/: Running \|.*the firewall accepted/.test(line)) this.checkClaim(line, 'accepted');
    }
  }

  /** Rows as people read them. */
  told(): string[] {
    return [...this.lines, ...this.picks.map((one) => ({ step: DO_NOW_STEP, ...one }))].map(
      ({ step, service, action, status, result, by, operation }) =>
        `${step} ${service} ${action}: ${status} | ${result} | ${by} | ${operation}`,
    );
  }

  /** Which visitors must meet it: whoever meets new rules first, and last. */
  protected diceOf(_action: string): readonly number[] {
    return [0, 0.999];
  }

  /**
   * Whoever reads Done goes on: from then on every visitor must meet what it says. What was accepted is written everywhere.
   * A group is told service by service until it is done.
   */
  protected checkClaim(line: string, claim: Claim): void {
    const [, named = '', action = ''] = /^\S+ (\S+) ([^:]*):/.exec(line) ?? [];
    if (named === 'storefront' && claim === 'accepted') return;
    for (const service of named === 'storefront' ? SERVICES : [named]) {
      const at = this.environments.find(({ whole }) => whole.services.some(({ name }) => name === service));
      const isProbed = (target: string) => claim === 'done' && at?.probedTargets(service).includes(target);
      // Where nobody asks it is written at least.
      const dice = (target: string) => [AS_WRITTEN, ...(isProbed(target) ? this.diceOf(action) : [])];
      const visits = (target: string) => dice(target).map((one) => at?.waf.visit(service, one, PUBLIC, target));
      const statuses = (at?.targetsOf(service) ?? []).flatMap(visits).map((visit) => visit?.status);
      const wanted = action === 'Exit maintenance' ? 200 : 503;
      if (action !== '' && statuses.some((status) => status !== wanted)) {
        this.falseClaims.push(`${line}, while visitors get ${statuses}`);
      }
    }
  }

  protected async ask(request: SyncRequest, environment = this.servers): Promise<Outcome> {
    this.servers.note(`the script asks: ${request.cause}`);
    const { status, body } = await environment.http('POST /rundowns/{id}/sync', this.id, request);
    const answer = JSON.parse(body) as SyncAnswer & { code?: string; message?: string };
    this.servers.note(`  ${status} ${answer.code ?? ''}`);
    if (status === 200) return { answer };
    if (answer.code === 'READ_AGAIN') return 'read-again';
    if (status === 401 || status === 429 || status >= 500 || answer.code === undefined) return 'unreachable';
    return { refused: answer.message ?? '' };
  }

  /** That person sets Status, and the event comes. */
  async person(step: string, status: string, by = MANAGER, { isFollowed = true } = {}): Promise<void> {
    this.servers.note(`${by} sets ${status} in step ${step}`);
    this.step(step).status = status;
    await this.deliver(this.event([step], by, { typed: status }), isFollowed);
  }

  /** That person pastes Status into several rows, and one event comes. */
  async several(steps: readonly string[], status: string, by = MANAGER): Promise<void> {
    this.servers.note(`${by} sets ${status} in the steps ${steps}`);
    for (const step of steps) this.step(step).status = status;
    await this.deliver(this.event(steps, by), true);
  }

  /** That person picks an Action in Do now, and the event comes. */
  async pick(service: string, action: string, by = MANAGER): Promise<void> {
    this.servers.note(`${by} picks ${action} of ${service}`);
    const row = this.picks.findIndex((one) => one.service === service);
    (this.picks[row] as Pick).action = action;
    await this.deliver({ ...this.event([], by, { typed: action }), tab: 'services', rows: [row + 2] }, true);
  }

  protected concerned(_event: EditEvent): readonly Servers[] {
    return this.environments;
  }

  /** To every environment that it concerns, at once. */
  protected async deliver(event: EditEvent, isFollowed: boolean): Promise<void> {
    await Promise.all(this.concerned(event).map((environment) => this.deliverTo(environment, event, isFollowed)));
  }

  private async deliverTo(environment: Servers, event: EditEvent, isFollowed: boolean): Promise<void> {
    const { clock } = this.servers;
    const [startedAt, until] = [clock.now, clock.now + RESEND_FOR_MS];
    let request = this.readFor(environment, 'edit', event);
    for (let rereads = 0; ; ) {
      const outcome = await this.ask(request, environment);
      if (outcome === 'unreachable') {
        if (clock.now >= until) return;
        await clock.sleep(RESEND_EVERY_MS, never);
      } else if (outcome === 'read-again') {
        rereads += 1;
        if (rereads > MOST_REREADS) return;
        request = { ...this.readFor(environment, 'edit', event), syncId: request.syncId };
      } else if ('answer' in outcome) {
        this.applyFrom(environment, outcome.answer);
        if (isFollowed) await this.followUntil(environment, outcome.answer, startedAt + FOLLOW_MS);
        return;
      } else throw new Error(`the edit was refused: ${outcome.refused}`);
    }
  }

  /** Goes on with what runs, and waits for what falls due. */
  protected async followUntil(environment: Servers, first: SyncAnswer, until: number): Promise<void> {
    const { clock } = this.servers;
    let readAt = clock.now;
    for (let { afterMs } = first.again; afterMs < MINUTE_MS; ) {
      if (clock.now + afterMs > until) return;
      // Others go on meanwhile.
      await clock.sleep(Math.max(1_000, afterMs), never);
      const isDue = this.lines.some(({ status, plannedStart }) => {
        const at = Date.parse(plannedStart.at ?? '');
        return status === 'Scheduled' && at > readAt && at <= clock.now;
      });
      if (isDue) readAt = clock.now;
      const outcome = await this.ask(this.readFor(environment, isDue ? 'tick' : 'poll'), environment);
      if (typeof outcome === 'object' && 'answer' in outcome) {
        this.applyFrom(environment, outcome.answer);
        afterMs = outcome.answer.again.afterMs;
      } else afterMs = RESEND_EVERY_MS;
    }
  }

  /** The script's own minute. */
  async tick(): Promise<void> {
    if (this.isRetired) return;
    const until = this.servers.clock.now + FOLLOW_TICK_MS;
    await Promise.all(
      this.environments.map(async (environment) => {
        const outcome = await this.ask(this.readFor(environment, 'tick'), environment);
        if (typeof outcome !== 'object' || !('answer' in outcome)) return;
        this.applyFrom(environment, outcome.answer);
        await this.followUntil(environment, outcome.answer, until);
      }),
    );
  }

  override async minute(): Promise<void> {
    await this.servers.minute();
    await this.tick();
  }

  /** An administrator retires it; and does so again if that failed, or a step runs. */
  async retire(by: string): Promise<void> {
    for (let attempt = 0; attempt < 5 && !this.isRetired; attempt += 1) {
      this.servers.note(`${by} retires the sheet`);
      const all = this.environments;
      const polled = await Promise.all(all.map((one) => this.ask(this.readFor(one, 'poll'), one)));
      const isIdle = (outcome: Outcome) => answersOf(outcome).some(({ rows }) => rows.every(isStill));
      const retiring = polled.every(isIdle) ? all : [];
      const outcomes = await Promise.all(retiring.map((one) => this.ask({ ...this.readFor(one, 'retire'), by }, one)));
      const told = outcomes.map((outcome) => answersOf(outcome)[0]);
      this.isRetired = told.length === all.length && told.every((answer) => answer !== undefined);
      if (!this.isRetired) await this.minute();
      else for (const [index, answer] of told.entries()) this.applyFrom(all[index] as Servers, answer as SyncAnswer);
    }
  }

  letIn(...lines: Omit<AllowlistLine, 'row'>[]): void {
    lines.forEach((line, index) => void this.allowlist.push({ row: index + 2, ...line }));
  }
}
