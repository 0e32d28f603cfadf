import { CreateIPSetCommand, CreateRuleGroupCommand } from '@aws-sdk/client-wafv2';
import { defineConfig } from '../../config/define-config.ts';
import type { EnvironmentConfig } from '../../config/schema.ts';
import type { SyncAnswer } from '../../contract/sync-answer.ts';
import type { ApiDependencies } from '../../lambda/src/api/dependencies.ts';
import { driveOn } from '../../lambda/src/operate/drive.ts';
import type { ReconcileDependencies } from '../../lambda/src/reconcile/reconcile.ts';
import { createRundownStore } from '../../lambda/src/store/rundowns.ts';
import { createStore } from '../../lambda/src/store/store.ts';
import { createTable } from '../../lambda/src/store/table.ts';
import { createWafIds } from '../../lambda/src/store/waf-ids.ts';
import { createRuleGroupStore } from '../../lambda/src/waf/rule-groups.ts';
import { metricName, ruleGroupName } from '../../lambda/src/waf/rules/rules.ts';
import { PAGES } from '../../test/pages.ts';
import { CONTROLLER, type Line, line, MANAGER } from '../../test/unit/lambda/rundown/terminal.ts';
import { RoutedSheet } from './routed-sheet.ts';
import { REGION, TABLE, type VirtualAws } from './virtual-aws.ts';

/** The functions of one environment as `wiring.ts` makes them, but for the clock and where WAF and DynamoDB are. */

const ENVIRONMENT = 'production';
const BETWEEN_CREATES_MS = 1_001;
const SERVICES_A_STACK = 100;
/** As the API's handler leaves them to itself. */
const DRIVE_FOR_MS = 23_000;

export type Dependencies = ApiDependencies & ReconcileDependencies;

export interface Deployment {
  readonly config: EnvironmentConfig;
  /** An instance that has just been started: what it learns stays its own. */
  instance(): Dependencies;
  /** Waits for what runs without anybody waiting for it. */
  settled(): Promise<void>;
}

export const serviceName = (at: number): string => `service-${String(at).padStart(3, '0')}`;

/** Nobody probes: what is compared with it proves nothing either. */
export function configOf(services: number): EnvironmentConfig {
  const targets = [{ scope: 'REGIONAL' as const, region: REGION, verification: 'none' as const }];
  const { environments } = defineConfig({
    environments: {
      [ENVIRONMENT]: {
        operators: [MANAGER],
        breakGlass: { principals: ['arn:aws:iam::111122223333:role/on-call'] },
        services: Array.from({ length: services }, (_none, at) => ({
          ...{ name: serviceName(at), targets },
          stack: Math.floor(at / SERVICES_A_STACK) + 1,
        })),
      },
    },
  });
  return environments[ENVIRONMENT] as EnvironmentConfig;
}

/** @param capacity - What each group reserves of the web ACLs that refer to it. @returns The ARNs of the rule groups. */
export async function provisionVirtually(aws: VirtualAws, { services }: EnvironmentConfig, capacity = 100) {
  const client = aws.wafClient();
  const arns: string[] = [];
  for (const { name } of services) {
    const Name = ruleGroupName({ environment: ENVIRONMENT, service: name });
    const VisibilityConfig = {
      ...{ SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true },
      MetricName: metricName(name),
    };
    const group = { Name, Scope: 'REGIONAL' as const, Capacity: capacity, VisibilityConfig };
    const { Summary } = await client.send(new CreateRuleGroupCommand(group));
    arns.push(Summary?.ARN as string);
    for (const IPAddressVersion of ['IPV4', 'IPV6'] as const) {
      const set = { Name: `${Name}-${IPAddressVersion.toLowerCase()}`, Scope: 'REGIONAL' as const, Addresses: [] };
      await client.send(new CreateIPSetCommand({ ...set, IPAddressVersion }));
      await aws.time.sleep(BETWEEN_CREATES_MS);
    }
  }
  return arns;
}

export function deploy(aws: VirtualAws, config: EnvironmentConfig): Deployment {
  const { time, random } = aws;
  const { now, sleep } = time;
  const running = new Set<Promise<unknown>>();
  let made = 0;

  function instance(): Dependencies {
    const table = createTable(TABLE, { client: aws.dynamodbClient(), sleep, random });
    const ids = createWafIds(table);
    return {
      ...{ environment: ENVIRONMENT, region: REGION, config, controller: CONTROLLER, pages: PAGES, random, now, sleep },
      log(level, event, facts) {
        if (level === 'error') console.error(event, facts);
      },
      measure: () => {},
      notify: async () => {},
      checkToken: async () => {},
      probe: async () => ({ kind: 'unknown', why: 'nobody probes' }),
      newId: () => `${ENVIRONMENT}-${String(++made).padStart(8, '0')}`,
      store: createStore(table),
      rundowns: createRundownStore(table),
      ruleGroups: createRuleGroupStore({ now, sleep }, (region) => aws.wafClient(region), { ids, random }),
      invokeDriver: async (event) => {
        const run = driveOn(instance(), event, now() + DRIVE_FOR_MS);
        running.add(run);
        void run.finally(() => running.delete(run));
      },
    };
  }
  return {
    config,
    instance,
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** It polls as the script does. */
export class BenchSheet extends RoutedSheet {
  private readonly aws: VirtualAws;

  constructor(aws: VirtualAws, api: Dependencies, lines: Line[], id = 'release-42') {
    super(api, aws.time.now, lines, id);
    this.aws = aws;
  }

  /** Somebody sets these steps to Go in one edit. @returns The first answer. */
  async begin(meant: readonly Line[]): Promise<SyncAnswer> {
    for (const one of meant) one.status = 'Go';
    await this.aws.time.sleep(1);
    return this.sync(
      this.event(
        meant.map(({ step }) => step),
        MANAGER,
        { typed: 'Go' },
      ),
    );
  }

  /** The same; ends when none of them runs any more. */
  async go(action: string): Promise<void> {
    await this.run(this.lines.filter((one) => one.action === action));
  }

  async run(meant: readonly Line[]): Promise<void> {
    const isUnderWay = () => meant.some(({ status }) => status === 'Go' || status === 'Running');
    let { again } = await this.begin(meant);
    while (isUnderWay()) {
      await this.aws.time.sleep(Math.max(1, again.afterMs));
      const polled = await this.send(this.read('poll'));
      this.apply(polled);
      again = polled.again;
    }
    // Nobody proves it here: Accepted is the end.
    const wrong = meant.find(({ status }) => status !== 'Accepted');
    if (wrong) throw new Error(`${wrong.service} is ${wrong.status}: ${wrong.result}`);
  }
}

/** A night on each of the services: closed, and opened again. */
export const nightOn = ({ services }: EnvironmentConfig): Line[] => [
  ...services.map(({ name }, at) => line(`${at + 1}`, name, 'Enter maintenance')),
  ...services.map(({ name }, at) => line(`${services.length + at + 1}`, name, 'Exit maintenance')),
];
