import { targetName } from '../../config/names.ts';
import { ON_CALL, type Site } from '../simulation/servers.ts';
import { MANAGER, MINUTE_MS } from '../unit/lambda/rundown/terminal.ts';
import { type Act, describe, SHEETS, type World } from './acts.ts';
import { type Judged, judge } from './judge.ts';
import { sitesOf } from './sites.ts';
import { WorldServers } from './world-servers.ts';
import { WorldSheet } from './world-sheet.ts';

/** Plays a world, lets it settle, and says what is wrong with it. The same world always ends alike. */

export interface Played extends Judged {
  readonly wrong: readonly string[];
  readonly calls: number;
  readonly faults: number;
  readonly syncs: number;
  timeline(): string[];
}

const LEAST_MINUTES = 7;
const MOST_MINUTES = 16;

export class Stage {
  /** Production first. */
  readonly environments: readonly WorldServers[];
  readonly servers: WorldServers;
  readonly sheets: readonly WorldSheet[];
  readonly ordered: { service: string; action: string; at: number; isDirect?: boolean }[] = [];
  /** What people typed in Slack. */
  readonly wishes: { readonly userId: string; readonly text: string; readonly at: number }[] = [];
  private broken = 0;

  constructor(world: Omit<World, 'acts'>) {
    const { site = 'one place', propagationMs, startsAt } = world;
    const begins = startsAt === undefined ? {} : { startsAt: Date.parse(startsAt) };
    const [production, ...others] = sitesOf(site);
    this.servers = new WorldServers(propagationMs, { ...begins, site: production as Site });
    const beside = (one: Site) => new WorldServers(propagationMs, { ...begins, site: one, beside: this.servers });
    this.environments = [this.servers, ...others.map(beside)];
    this.sheets = Array.from({ length: SHEETS }, (_, index) => new WorldSheet(this.environments, index, world));
  }

  /** The environment that has this service. */
  of(service: string): WorldServers {
    const found = this.environments.find(({ site }) => site.services.some(({ name }) => name === service));
    if (!found) throw new Error(`no environment has ${service}`);
    return found;
  }

  get services(): string[] {
    return this.environments.flatMap(({ site }) => site.services.map(({ name }) => name));
  }

  async minute(options: { isTwice?: boolean } = {}): Promise<void> {
    const [first, ...others] = this.environments;
    await Promise.all([first?.minute(options), ...others.map((one) => one.sameMinute(options))]);
    for (const sheet of this.sheets) await sheet.tick();
  }

  async do(act: Act): Promise<void> {
    const { servers } = this;
    const sheet = 'sheet' in act ? (this.sheets[act.sheet] as WorldSheet) : undefined;
    if (sheet?.isRetired) return;
    switch (act.do) {
      case 'status':
        return sheet?.status(act.rows, act.status, act.by, act.event, act.isFollowed);
      case 'pick':
        return sheet?.pickNow(act.service, act.action, act.by, act.event, act.isFollowed);
      case 'move':
        return sheet?.moveRow(act.row, act.byMinutes, act.by, act.event, act.isFollowed);
      case 'plan': {
        const { service, action } = act;
        const change = { ...(service ? { service } : {}), ...(action ? { action } : {}) };
        return sheet?.plan(act.row, change, act.by, act.event, act.isFollowed);
      }
      case 'arrange':
        return sheet?.arrange(act.row, act.how);
      case 'forge':
        return sheet?.forge(act.row, act.cell, act.text);
      case 'allow': {
        const { forMinutes } = act;
        const until = forMinutes ? new Date(servers.clock.now + forMinutes * MINUTE_MS).toISOString() : undefined;
        return sheet?.allow(act.address, act.services, until);
      }
      case 'tick':
        return sheet?.tick();
      case 'retire':
        return sheet?.retire(MANAGER);
      case 'break the glass':
        return this.breakGlass(act.service, act.action);
      case 'disarm everything':
        await servers.breakGlass('POST /break-glass/disarm', { reason: 'a secret leaked' });
        return;
      case 'slack':
        this.wishes.push({ userId: act.userId, text: act.text, at: servers.clock.now });
        return askInSlack(servers, act);
      case 'write past the API':
        this.of(act.service).foreign.set(act.service, servers.clock.now);
        this.ordered.push({ service: act.service, action: act.action, at: servers.clock.now, isDirect: true });
        return this.of(act.service).writePast(act.service, act.action);
      case 'deploy empties all groups':
        for (const { name } of this.at(act).site.services) {
          this.at(act).foreign.set(name, servers.clock.now);
          this.at(act).waf.empty(name);
        }
        return;
      case 'config':
        return act.how === 'loses'
          ? this.of(act.service).lose(act.service)
          : this.of(act.service).findAgain(act.service);
      case 'zone':
        return sheet?.changeZone(act.zone);
      case 'locked out':
        this.at(act).lockedOutUntil = servers.clock.now + act.seconds * 1_000;
        return;
      case 'minute, twice':
        return this.minute({ isTwice: true });
      case 'foreign write':
        return this.writeByHand(act);
      case 'fault':
        if (act.of) servers.calls.awaited.push({ of: act.of, left: act.after, fault: act.fault });
        else servers.calls.cuts.set(servers.calls.made.length + act.after, act.fault);
        return;
      case 'API is down':
        this.at(act).downUntil = servers.clock.now + act.seconds * 1_000;
        return;
      case 'WAF is down':
        this.at(act).wafDownUntil.set(act.region, servers.clock.now + act.seconds * 1_000);
        return;
      case 'minutes':
        for (let minute = 0; minute < act.count; minute += 1) await this.minute();
        return;
      case 'together':
        await Promise.all(act.acts.map((one) => this.do(one)));
    }
  }

  private at({ environment = 0 }: { readonly environment?: number }): WorldServers {
    return this.environments[environment] as WorldServers;
  }

  private writeByHand({ service, how, target }: Act & { do: 'foreign write' }): void {
    const { foreign, waf, clock, site } = this.of(service);
    const { targets = [] } = site.services.find(({ name }) => name === service) ?? {};
    const at = target === undefined ? undefined : targets[target % targets.length];
    foreign.set(service, clock.now);
    waf[how](service, at && targetName(at));
  }

  private async breakGlass(service: string, action: string): Promise<void> {
    this.broken += 1;
    const servers = this.of(service);
    const requestedAt = new Date(servers.clock.now).toISOString();
    const operationId = `${servers.site.environment}-g${this.broken}`;
    this.ordered.push({ service, action, at: servers.clock.now });
    servers.note(`${ON_CALL} breaks the glass: ${action} ${service}`);
    const body = { operationId, service, action, requestedAt, reason: 'the sheet is down' };
    await servers.breakGlass('POST /break-glass/operations', body);
  }
}

/** Types it; and presses the button of what the channel asks then, once. */
async function askInSlack(servers: WorldServers, { text, userId, isSure }: Act & { do: 'slack' }): Promise<void> {
  const { messages } = servers.slack;
  const before = messages.length;
  await servers.fromSlack(servers.slack.command(text, userId));
  const question = messages.slice(before).find(({ buttons }) => buttons.some(({ id }) => id === 'run'));
  const button = question?.buttons.find(({ id }) => id === (isSure ? 'run' : 'cancel'));
  if (question && button) await servers.fromSlack(servers.slack.press(question, button, userId));
}

export async function play({ acts, ...world }: World): Promise<Played> {
  const stage = new Stage(world);
  const { servers, sheets } = stage;
  for (const sheet of sheets) await sheet.tick();
  for (const act of acts) {
    servers.note(`=== ${describe(act)}`);
    const held = sheets.map((sheet) => sheet.waiting.splice(0));
    await stage.do(act);
    for (const [index, sheet] of sheets.entries()) {
      const mine = held[index] ?? [];
      sheet.waiting.unshift(...mine);
      const { length } = mine;
      for (const work of sheet.waiting.splice(0, length)) await work();
    }
  }
  for (const sheet of sheets) await sheet.catchUp();
  servers.note('=== faults end; everything settles');
  const faults = servers.calls.happened;
  servers.calls.cuts.clear();
  servers.calls.awaited = [];
  for (const one of stage.environments) {
    Object.assign(one, { downUntil: 0, lockedOutUntil: 0 });
    one.wafDownUntil.clear();
  }
  let judged: Judged = { wrong: [], checks: 0, operations: 0 };
  for (let minute = 1; minute <= MOST_MINUTES; minute += 1) {
    await stage.minute();
    if (minute < LEAST_MINUTES) continue;
    judged = await judge(stage);
    if (judged.wrong.length === 0) break;
  }
  const syncs = stage.environments.reduce((sum, one) => sum + one.syncs, 0);
  const calls = servers.calls.made.length;
  return { ...judged, calls, faults, syncs, timeline: () => servers.timeline() };
}
