import { defineConfig } from '../../config/define-config.ts';
import { targetName } from '../../config/names.ts';
import type { EnvironmentConfig, ServiceConfig, TargetConfig } from '../../config/schema.ts';
import { problem } from '../../contract/problem.ts';
import { SLACK_ROUTE } from '../../contract/routes.ts';
import type { TokenCheck } from '../../lambda/src/api/access-token.ts';
import type { ApiDependencies } from '../../lambda/src/api/dependencies.ts';
import type { HttpEvent } from '../../lambda/src/api/http.ts';
import { answer } from '../../lambda/src/api/routes.ts';
import type { Notice } from '../../lambda/src/model/ports.ts';
import { createNotifyBoth } from '../../lambda/src/notify/both.ts';
import type { Observation } from '../../lambda/src/proof/evidence.ts';
import { type ReconcileDependencies, reconcile } from '../../lambda/src/reconcile/reconcile.ts';
import { runDueSteps } from '../../lambda/src/schedule/run-due-steps.ts';
import type { SlackDependencies, WorkEvent } from '../../lambda/src/slack/dependencies.ts';
import { receive } from '../../lambda/src/slack/receive.ts';
import { tick } from '../../lambda/src/slack/tick.ts';
import { work } from '../../lambda/src/slack/work.ts';
import { createRundownStore } from '../../lambda/src/store/rundowns.ts';
import { createStore } from '../../lambda/src/store/store.ts';
import type { Table } from '../../lambda/src/store/table.ts';
import type { Place } from '../../lambda/src/waf/place.ts';
import { createRuleGroupStore, type RuleGroupStore } from '../../lambda/src/waf/rule-groups.ts';
import { seeded } from '../../local/apps-script-runtime/fault-injection.ts';
import type { Propagation } from '../../local/waf/history.ts';
import { type DirectAction, directContent } from '../../ops/direct-write.ts';
import { createMemoryTable, type MemoryTable } from '../memory-table.ts';
import { createMemoryWaf, type MemoryWaf, PUBLIC } from '../memory-waf.ts';
import { PAGES } from '../pages.ts';
import { CONTROLLER, DUTY, MANAGER, MINUTE_MS, START } from '../unit/lambda/rundown/terminal.ts';
import { Calls, Execution, type Failing, NEVER } from './faults.ts';
import { BOT_TOKEN, SIGNING_SECRET, SLACK, SlackSide, signed } from './slack-side.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The API, the scheduler, the reconciler and the Slack function over one table, one WAF and one topic; every call can be cut. */

export const SERVICES = ['shop', 'payments'];

/** One environment, as its config has it. */
export interface Site {
  readonly environment: string;
  readonly isProduction: boolean;
  readonly services: readonly SiteService[];
  readonly groups: readonly { readonly name: string; readonly services: readonly string[] }[];
}

interface SiteService {
  readonly name: string;
  readonly title?: string;
  readonly targets: readonly SiteTarget[];
}

type SiteTarget = Pick<TargetConfig, 'scope' | 'region'> & { readonly isProbed: boolean };

export const IN_IRELAND: SiteTarget = { scope: 'REGIONAL', region: 'eu-west-1', isProbed: true };

const PRODUCTION: Site = {
  environment: 'production',
  isProduction: true,
  services: SERVICES.map((name) => ({ name, targets: [IN_IRELAND] })),
  groups: [{ name: 'storefront', services: SERVICES }],
};
/** Every request meets new rules so long after they were written; before that some meet the old ones. */
const PROPAGATION = { minMs: 500, maxMs: 3_000 };
/** A change has far to go to CloudFront. */
const TO_CLOUDFRONT = 3;
const PROOF = { probesPerSecond: 250 };
const CUT_ONE_PROBE_IN = 300;
const TABLE_TIMEOUT_MS = 6_000;
const WAF_TIMEOUT_MS = 4_000;
const TOPIC_TIMEOUT_MS = 6_000;
const PROBE_TIMEOUT_MS = 5_000;
const SLACK_ROUTE_KEY = `${SLACK_ROUTE.method} ${SLACK_ROUTE.path}`;
const SLACK_TIMEOUT_MS = 1_500;
const INVOKE_TIMEOUT_MS = 2_000;
/** Of the Slack function, less what its last calls may take (slack-handler.ts). */
const SLACK_WORK_MS = 48_000;
/** Lambda tries an invocation that failed once more, about a minute later (cdk/slack.ts). */
const MOST_ATTEMPTS = 2;

type FunctionName = 'api' | 'scheduler' | 'reconciler' | 'slack';
/** Who breaks the glass, as IAM knows them. */
export const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/on-call/engineer';

export interface Probed {
  readonly service: string;
  readonly target: string;
  readonly at: number;
  readonly seen: Observation;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

interface Handed {
  readonly event: WorkEvent;
  readonly attempt: number;
}

type Deps = ApiDependencies & ReconcileDependencies & SlackDependencies;

/** Who breaks the glass past the API, as the group's Description names them. */
export const ALEX = 'arn:aws:sts::111122223333:assumed-role/on-call/alex';

export interface ServersOptions {
  readonly hasSlack?: boolean;
  readonly startsAt?: number;
  readonly site?: Site;
  /** Those of another environment: with their clock, and one count of all calls. */
  readonly beside?: Servers;
}

export class Servers {
  readonly site: Site;
  readonly clock: VirtualClock;
  private readonly lines: (readonly [at: number, line: string])[];
  readonly calls: Calls;
  readonly table: MemoryTable;
  readonly waf: MemoryWaf;
  readonly notices: Notice[];
  readonly probed: Probed[];
  private sent = 0;
  config: EnvironmentConfig;
  /** With what it lost. */
  readonly whole: EnvironmentConfig;
  /** What is behind each host. */
  private readonly pages = new Map<string, { readonly service: string; readonly target: string }>();
  private readonly lost = new Set<string>();
  readonly slack: SlackSide;
  /** Invocations of the Slack function that it was handed, or that failed once. */
  private readonly handed: Handed[];
  private readonly hasSlack: boolean;
  private readonly random = seeded(7);
  /** Instances, by name: each serves one request at a time. */
  private readonly warm = new Map<string, (execution: Execution) => RuleGroupStore>();
  private readonly busy = new Set<string>();
  /** Ids that were given out. */
  private made: number;
  /** By region: until then WAF fails there. */
  readonly wafDownUntil = new Map<string, number>();
  /** Everybody's token is good, unless a test says which are. */
  checkToken: TokenCheck = async () => {};
  /** Whatever the functions write to their logs. */
  onLog: (line: string) => void = () => {};

  /** @param from - Goes on from what these have come to, beside them. */
  constructor(
    from?: Servers,
    propagation: Propagation = PROPAGATION,
    { hasSlack = from?.hasSlack ?? false, startsAt = START, site = PRODUCTION, beside }: ServersOptions = {},
  ) {
    this.site = site;
    this.hasSlack = hasSlack;
    this.slack = new SlackSide(from?.slack);
    this.handed = [...(from?.handed ?? [])];
    this.clock = beside?.clock ?? new VirtualClock(from?.clock.now ?? startsAt);
    this.lines = beside?.lines ?? [...(from?.lines ?? [])];
    this.calls = beside?.calls ?? new Calls(this.clock, (line) => this.note(line));
    this.table = createMemoryTable(from?.table.items());
    const toCloudFront = { minMs: propagation.minMs * TO_CLOUDFRONT, maxMs: propagation.maxMs * TO_CLOUDFRONT };
    const propagationOf = (scope: TargetConfig['scope']) => (scope === 'CLOUDFRONT' ? toCloudFront : propagation);
    this.waf = createMemoryWaf(placesOf(site), propagationOf, this.clock, from?.waf.kept());
    this.notices = [...(from?.notices ?? [])];
    this.probed = [...(from?.probed ?? [])];
    this.made = from?.made ?? 0;
    this.whole = environmentOf(site, hasSlack);
    this.config = from?.config ?? this.whole;
    for (const service of this.whole.services) {
      for (const target of service.targets) {
        if (target.verification === 'none') continue;
        const [url = ''] = target.verification.urls;
        this.pages.set(new URL(url).hostname, { service: service.name, target: targetName(target) });
      }
    }
  }

  /** Ids are told by nobody before they are given out: real ones cannot be guessed. */
  hasMade(operationId: string): boolean {
    return Number(/\d+$/.exec(operationId)?.[0]) <= this.made;
  }

  targetsOf(service: string): readonly string[] {
    return (this.whole.services.find(({ name }) => name === service)?.targets ?? []).map(targetName);
  }

  /** Where it is asked whether a service is closed. */
  probedTargets(service: string): readonly string[] {
    const found = this.whole.services.find(({ name }) => name === service);
    return (found?.targets ?? []).filter(({ verification }) => verification !== 'none').map(targetName);
  }

  note(line: string): void {
    this.lines.push([this.clock.now, line]);
  }

  timeline(): string[] {
    return this.lines.map(([at, line]) => `${new Date(at).toISOString().slice(11, 23)} ${line}`);
  }

  /** A request to the API. A function that is killed answers as the gateway does. */
  http(routeKey: string, id: string, body: unknown, more: Partial<HttpEvent> = {}): Promise<HttpAnswer> {
    return this.handle({ routeKey, headers: {}, pathParameters: { id }, body: JSON.stringify(body), ...more });
  }

  /** What the gateway hands to the function behind a route. What a function hands on to another invocation is done too. */
  async handle(event: HttpEvent): Promise<HttpAnswer> {
    const isSlack = event.routeKey === SLACK_ROUTE_KEY;
    const answered = isSlack
      ? this.run('slack', (deps) => receive(deps, event))
      : this.run('api', (deps) => answer(deps, event));
    const told = await answered.catch(() => ({ statusCode: 503, body: '{"message":"Service Unavailable"}' }));
    if (isSlack) await this.workThrough();
    return { status: told.statusCode, body: told.body };
  }

  /** The schedules of a minute; time goes on first. One that is killed comes again with the next. */
  async minute({ isTwice = false } = {}): Promise<void> {
    this.clock.now += MINUTE_MS;
    this.note('a minute');
    await this.sameMinute({ isTwice });
  }

  /** Without the clock: that is for others to move. */
  async sameMinute({ isTwice = false } = {}): Promise<void> {
    await Promise.all(isTwice ? [this.schedules(), this.schedules()] : [this.schedules()]);
  }

  private async schedules(): Promise<void> {
    await this.run('scheduler', (deps) => runDueSteps(deps, 0)).catch(() => {});
    await this.run('reconciler', (deps) => reconcile(deps)).catch(() => {});
    if (!this.hasSlack) return;
    await this.workThrough();
    await this.run('slack', (deps) => tick(deps)).catch(() => {});
  }

  /** A request as Slack sends it. @returns Whether Slack had its answer. */
  async fromSlack(form: Record<string, string>): Promise<boolean> {
    return (await this.handle(signed(form, this.clock.now))).status === 200;
  }

  private async workThrough(): Promise<void> {
    const due = this.handed.splice(0);
    await Promise.all(
      due.map(async ({ event, attempt }) => {
        try {
          await this.run('slack', (deps) => work(deps, event.slack, this.clock.now + SLACK_WORK_MS));
        } catch {
          if (attempt < MOST_ATTEMPTS) this.handed.push({ event, attempt: attempt + 1 });
        }
      }),
    );
  }

  /** While nothing of ours answers, somebody writes our rules with the command that needs no API. */
  writePast(service: string, action: DirectAction): void {
    const found = this.whole.services.find(({ name }) => name === service) as ServiceConfig;
    const wish = { service: found, action, retryAfterSeconds: 600, pages: PAGES, actor: ALEX, at: this.clock.now };
    this.note(`${ALEX} writes ${action} of ${service} past the API`);
    for (const target of found.targets) {
      const { Description, Rules, CustomResponseBodies } = directContent(wish, target);
      const content = { Description, Rules, CustomResponseBodies } as Parameters<MemoryWaf['write']>[1];
      this.waf.write(service, content, targetName(target));
    }
  }

  /** Whoever looks after the config takes it out, and deploys. */
  lose(service: string): void {
    this.lost.add(service);
    this.config = this.configNow();
  }

  findAgain(service: string): void {
    this.lost.delete(service);
    this.config = this.configNow();
  }

  private configNow(): EnvironmentConfig {
    const { whole } = this;
    return {
      ...whole,
      services: whole.services.filter(({ name }) => !this.lost.has(name)),
      groups: whole.groups.filter((group) => !group.services.some((name) => this.lost.has(name))),
    };
  }

  private async run<T>(kind: FunctionName, work: (deps: Deps) => Promise<T>): Promise<T> {
    const execution = new Execution();
    const plain = this.site.isProduction ? kind : `${this.site.environment} ${kind}`;
    let name: string = plain;
    for (let number = 2; this.busy.has(name); number += 1) name = `${plain} ${number}`;
    this.busy.add(name);
    try {
      return await Promise.race([work(this.deps(name, execution)), execution.death]);
    } finally {
      // The next one is a new instance, and knows nothing.
      if (execution.isDead) this.warm.delete(name);
      execution.end();
      this.busy.delete(name);
    }
  }

  private deps(name: string, execution: Execution): Deps {
    const table = this.tableOf(name, execution);
    const sleep = (ms: number) => this.clock.sleep(ms, () => execution.isDead);
    const store = createStore(table);
    const publish = (notice: Notice) =>
      this.calls.make(
        execution,
        { name: `${name}: SNS Publish "${notice.subject}"`, isWrite: true },
        () => void this.notices.push(notice),
        throwing(() => new Error('the topic is out of reach'), TOPIC_TIMEOUT_MS),
      );
    const keep = (notice: Notice) => store.addSlackNotice(notice, new Date(this.clock.now).toISOString());
    const failing = (what: string, timeoutMs: number) => throwing(() => new Error(what), timeoutMs);
    return {
      slack: SLACK,
      slackApi: this.slack.api((method, isWrite, call) =>
        this.calls.make(
          execution,
          { name: `${name}: Slack ${method}`, isWrite },
          call,
          failing('A request error occurred: fetch failed', SLACK_TIMEOUT_MS),
        ),
      ),
      secrets: async () => ({ signing: [SIGNING_SECRET], botToken: BOT_TOKEN }),
      invokeSelf: (event) =>
        this.calls.make(
          execution,
          { name: `${name}: Lambda Invoke`, isWrite: true },
          () => void this.handed.push({ event: structuredClone(event), attempt: 1 }),
          failing('Lambda is out of reach', INVOKE_TIMEOUT_MS),
        ),
      environment: this.site.environment,
      region: 'eu-west-1',
      config: this.config,
      controller: CONTROLLER,
      pages: PAGES,
      now: () => this.clock.now,
      sleep,
      random: () => 0.5,
      log: (level, event, facts) => {
        this.onLog(`${level} ${event} ${JSON.stringify(facts)}`);
        if (level === 'error') this.note(`${name} logs: ${event} ${JSON.stringify({ ...facts, stack: undefined })}`);
      },
      store,
      rundowns: createRundownStore(table),
      ruleGroups: this.ruleGroupsOf(name)(execution),
      probe: (url) => this.probe(name, execution, url),
      newId: () => {
        this.made += 1;
        return `${this.site.environment}-${String(this.made).padStart(8, '0')}`;
      },
      checkToken: (authorization, scope) => this.checkToken(authorization, scope),
      measure: () => {},
      notify: createNotifyBoth(this.hasSlack ? keep : undefined, publish),
    };
  }

  private tableOf(name: string, execution: Execution): Table {
    const { get, getAll, query, commit } = this.table;
    const reading = throwing(
      () => Object.assign(new Error('the table'), { name: 'InternalServerError' }),
      TABLE_TIMEOUT_MS,
    );
    const writing = throwing(
      () => problem('TRY_AGAIN', 'The table is busy just now. Send the same request again: it runs once.'),
      TABLE_TIMEOUT_MS,
    );
    const make = <T>(what: string, work: () => Promise<T>, failing: Failing<T>) =>
      this.calls.make(
        execution,
        {
          name: `${name}: DynamoDB ${what}`,
          isWrite: failing === (writing as Failing<unknown>),
          isMadeOnce: true,
        },
        work,
        failing,
      );
    return {
      get: (key) => make(`get ${key.pk} ${key.sk}`, () => get(key), reading),
      getAll: (keys) => make(`getAll ${keys.map(({ pk, sk }) => `${pk} ${sk}`)}`, () => getAll(keys), reading),
      query: (pk, options) => make(`query ${pk}`, () => query(pk, options), reading),
      commit: (writes) => make(`commit ${writes.map(({ label }) => label)}`, () => commit(writes), writing),
    };
  }

  /** Ids and turns to write stay warm between the executions of an instance. */
  private ruleGroupsOf(name: string): (execution: Execution) => RuleGroupStore {
    const known = this.warm.get(name);
    if (known) return known;
    let current: Execution;
    const clock = {
      now: () => this.clock.now,
      sleep: (ms: number) => this.clock.sleep(ms, () => current.isDead),
    };
    const failed = () => {
      throw Object.assign(new Error('broken'), { name: 'WAFInternalErrorException', $metadata: {} });
    };
    const clientFor = (region: string) =>
      this.waf.client(region, (operation, work) => {
        const made = { name: `${name}: WAF ${operation}`, isWrite: operation.startsWith('Update') };
        const answered = () => (this.clock.now < (this.wafDownUntil.get(region) ?? 0) ? failed() : work());
        return this.calls.make(current, made, answered, {
          failed,
          timedOut: () => {
            throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
          },
          throttled: () => {
            throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: {} });
          },
          timeoutMs: WAF_TIMEOUT_MS,
        });
      });
    const store = createRuleGroupStore(clock, clientFor, { random: this.random });
    const warm = (execution: Execution) => {
      current = execution;
      return store;
    };
    this.warm.set(name, warm);
    return warm;
  }

  private probe(name: string, execution: Execution, url: string): Promise<Observation> {
    const { service, target } = this.pages.get(new URL(url).hostname) as { service: string; target: string };
    const unknown = (why: string) => (): Observation => ({ kind: 'unknown', why });
    const work = (): Observation => {
      const { status, maintenanceMode } = this.waf.visit(service, this.random(), PUBLIC, target);
      const seen: Observation = { kind: 'answered', status, ...(maintenanceMode ? { maintenanceMode } : {}) };
      this.probed.push({ service, target, at: this.clock.now, seen });
      return seen;
    };
    // Hundreds of the same: what happens to some of them stands for all.
    this.sent += 1;
    if (this.sent % CUT_ONE_PROBE_IN !== 1) return execution.isDead ? NEVER : Promise.resolve(work());
    return this.calls.make(execution, { name: `${name}: probe of ${service}`, isWrite: false }, work, {
      failed: unknown('ECONNRESET'),
      timedOut: unknown('TIMEOUT'),
      timeoutMs: PROBE_TIMEOUT_MS,
    });
  }
}

const placesOf = ({ environment, services }: Site): Place[] =>
  services.flatMap(({ name, targets }) =>
    targets.map(({ scope, region }) => ({ environment, service: name, scope, region })),
  );

/** The first target has the name that visitors know. */
const hostOf = (service: string, { scope, region }: SiteTarget, index: number): string =>
  index === 0 ? `${service}.example.com` : `${service}.${scope}.${region}.example.com`.toLowerCase();

/** CloudFront says whom it asks for. */
const isBehind = (targets: readonly SiteTarget[], { scope }: Pick<SiteTarget, 'scope'>): boolean =>
  scope === 'REGIONAL' && targets.some((one) => one.scope === 'CLOUDFRONT');

function environmentOf({ environment, isProduction, services, groups }: Site, hasSlack: boolean): EnvironmentConfig {
  const service = ({ name, title, targets }: SiteService) => ({
    name,
    ...(title ? { title } : {}),
    cloudFront: targets.some(({ scope }) => scope === 'CLOUDFRONT'),
    targets: targets.map(({ isProbed, ...target }, index) => ({
      ...target,
      ...(isBehind(targets, target) ? { clientAddress: { header: 'X-Forwarded-For', position: 'LAST' as const } } : {}),
      verification: isProbed
        ? { urls: [`https://${hostOf(name, { isProbed, ...target }, index)}/`] }
        : ('none' as const),
    })),
  });
  const { environments } = defineConfig({
    controller: CONTROLLER,
    environments: {
      [environment]: {
        production: isProduction,
        operators: [MANAGER, DUTY],
        ...(hasSlack ? { slack: SLACK } : {}),
        breakGlass: { principals: ['arn:aws:iam::111122223333:role/on-call'] },
        proof: PROOF,
        services: services.map(service),
        groups: groups.map(({ name, services: members }) => ({ name, services: [...members] })),
      },
    },
  });
  return environments[environment] as EnvironmentConfig;
}

const throwing = (error: () => Error, timeoutMs: number): Failing<never> => {
  const fail = () => {
    throw error();
  };
  return { failed: fail, timedOut: fail, timeoutMs };
};
