import type { Answer, ApiClient, ApiRequest } from '../../../apps-script/src/api/client.ts';
import type { Ports } from '../../../apps-script/src/ports.ts';
import { planKey } from '../../../contract/sync.ts';
import type { RowAnswer, SyncAnswer } from '../../../contract/sync-answer.ts';
import type { StepRow, SyncRequest } from '../../../contract/sync-request.ts';
import { PRODUCTION, STAGING } from './connections.ts';
import { memoryStore, NOW, portsWith } from './fake-sheet.ts';

/** An environment that answers simply: what was set to Go runs. What it answers, a test says otherwise. */
export class StubApi {
  readonly requests: { environment: string; path: string; request: SyncRequest; body: string }[] = [];
  /** Instead of the simple answer, for as long as it says something. */
  instead: ((environment: string, request: SyncRequest) => Answer | 'lost' | undefined) | undefined;
  /** When each answer wants to be asked again. */
  afterMs = 5 * 60_000;
  services: Readonly<Record<string, readonly string[]>> = {};
  /** By name, in every environment. */
  groups: readonly { readonly name: string; readonly title: string; readonly services: readonly string[] }[] = [];
  servicesAsked = 0;
  private sequence = 0;

  readonly client: ApiClient = {
    ask: (requests) => requests.map((one) => this.ask(one)),
    forget: () => undefined,
    services: (connections) => {
      this.servicesAsked += 1;
      return connections.flatMap(({ environment }) => {
        const names = this.services[environment];
        const services = names?.map((service) => ({ service, title: service, operators: [] }));
        const groups = this.groups.map(({ name: group, ...one }) => ({ group, ...one }));
        return services ? [{ environment, told: { environment, production: false, services, groups } as never }] : [];
      });
    },
  };

  get sent(): SyncRequest[] {
    return this.requests.map(({ request }) => request);
  }

  private ask({ connection: { environment }, method, path, body = '' }: ApiRequest): Answer {
    if (method !== 'post' || !path.endsWith('/sync')) return { kind: 'unreachable', why: 'no tables here' };
    const request = JSON.parse(body) as SyncRequest;
    this.requests.push({ environment, path, request, body });
    const other = this.instead?.(environment, request);
    if (other === 'lost') return { kind: 'unreachable', why: 'Address unavailable' };
    return other ?? { kind: 'ok', body: this.answer(environment, this.rowsFor(environment, request)) };
  }

  answer(environment: string, rows: readonly RowAnswer[], more: Partial<SyncAnswer> = {}): SyncAnswer {
    this.sequence += 1;
    return {
      ...{ protocol: 1, environment, production: environment === 'production', sequence: this.sequence },
      rows: [...rows],
      ...{ ignored: [], retired: false, tables: { version: 1 } },
      banner: { connectedUntil: new Date(NOW + 600_000).toISOString() },
      again: { afterMs: this.afterMs },
      ...more,
    };
  }

  private rowsFor(environment: string, { edit, steps = [] }: SyncRequest): RowAnswer[] {
    return (steps as StepRow[])
      .filter(({ row, status }) => edit?.rows.includes(row) && status === 'Go')
      .map((step) => runningAnswer(environment, step));
  }
}

/** A script that is connected with production and staging, and whose waits are over at once. */
export function connected(more: Partial<Ports> = {}) {
  const memory = memoryStore();
  for (const { names, ...stored } of [PRODUCTION, STAGING]) {
    memory.putConnections([stored]);
    memory.putNames(new Map([[stored.environment, names]]));
  }
  const api = new StubApi();
  const clock = { now: NOW };
  const slept: number[] = [];
  const ports = portsWith({
    memory,
    api: api.client,
    now: () => clock.now,
    sleep(ms) {
      slept.push(ms);
      clock.now += ms;
    },
    ...more,
  });
  return { memory, api, clock, slept, ports };
}

export const runningAnswer = (environment: string, step: StepRow): RowAnswer => ({
  tab: 'rundown',
  basis: { ...step, was: [{ status: step.status, operation: step.operation }] },
  cells: {
    ...{ status: 'Running', result: `Closing ${step.service}…`, started: new Date(NOW).toISOString() },
    ...{ by: 'ada@example.com', operation: `${environment}-${planKey(step).length}` },
  },
});

export const readAgain: Answer = { kind: 'problem', code: 'READ_AGAIN', message: 'Newer rows are known.' };
