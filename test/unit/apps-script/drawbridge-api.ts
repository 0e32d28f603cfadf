import type { Action } from '../../../contract/modes.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { Operation, OperationRequest } from '../../../contract/operation.ts';
import type { HttpRequest, Network } from './google.ts';

const TITLES: Readonly<Record<string, string>> = { shop: 'Shop', payments: 'Payments' };
const NO_OPERATOR = 'intern@example.com';

/** One environment's API and token endpoint, with state: ids are known again, and proof takes some looks. */
export class DrawbridgeApi {
  readonly received: OperationRequest[] = [];
  readonly bodies: string[] = [];
  readonly operations = new Map<string, Operation>();
  /** Looks until an accepted operation is verified. */
  looksNeeded = 2;
  /** Answers instead, for as long as it says something; it sees the request before anything is done. */
  fault: ((request: HttpRequest) => { status: number; body: string } | 'no answer' | undefined) | undefined;
  /** Real users are behind production: then a step that is off plan asks twice. */
  isProduction = false;
  /** So many services more in production, with six operators each. */
  moreServices = 0;
  signIns = 0;
  readonly schedules: Record<string, unknown>[] = [];
  private readonly looks = new Map<string, number>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  readonly network: Network = (request) => {
    const fault = this.fault?.(request);
    if (fault === 'no answer') throw new Error(`Address unavailable: ${request.url}`);
    if (fault) return fault;
    const { pathname, host } = new URL(request.url);
    if (host.startsWith('auth.')) {
      this.signIns += 1;
      return json(200, { access_token: 'token', expires_in: 3600 });
    }
    if (request.headers.Authorization !== 'Bearer token') return { status: 401, body: '{"message":"Unauthorized"}' };
    if (pathname === '/services') {
      const told = services(host, this.isProduction);
      return json(200, { ...told, services: [...told.services, ...this.more(host)] });
    }
    if (pathname === '/schedule') {
      this.schedules.push(JSON.parse(request.payload ?? ''));
      return json(200, { conflicts: [] });
    }
    if (request.method === 'post') return this.post(request.payload ?? '');
    return this.look(pathname.split('/').pop() ?? '');
  };

  private more(host: string) {
    const [first] = services('api.production', false).services;
    const operators = Array.from({ length: 6 }, (_one, index) => `operator.number.${index}@example.com`);
    return Array.from({ length: host.includes('staging') ? 0 : this.moreServices }, (_one, index) => ({
      ...first,
      ...{
        service: `service-${index}`,
        title: `Service ${index}`,
        operators: [...operators, 'release.manager@example.com'],
      },
    }));
  }

  private post(body: string) {
    const request = JSON.parse(body) as OperationRequest;
    this.received.push(request);
    this.bodies.push(body);
    const known = this.operations.get(request.operationId);
    if (known) return json(200, known);
    if (this.now() - Date.parse(request.requestedAt) > 5 * 60_000) {
      return json(400, { code: 'STALE_REQUEST', message: 'The request is too old.' });
    }
    if (request.requestedBy === NO_OPERATOR) {
      return json(403, { code: 'NOT_OPERATOR', message: `${NO_OPERATOR} is not an operator of ${request.service}.` });
    }
    const operation = accepted(request, new Date(this.now()).toISOString());
    this.operations.set(request.operationId, operation);
    return json(202, operation);
  }

  private look(id: string) {
    const operation = this.operations.get(id);
    if (!operation) return json(404, { code: 'UNKNOWN_OPERATION', message: `There is no operation ${id}.` });
    const count = (this.looks.get(id) ?? 0) + 1;
    this.looks.set(id, count);
    if (count < this.looksNeeded || operation.state !== 'accepted') return json(200, operation);
    const at = new Date(this.now()).toISOString();
    const verified: Operation = {
      ...operation,
      state: 'verified',
      verifiedAt: at,
      proof: { ...operation.proof, state: 'verified', agree: 3, disagree: 0, checkedAt: at, verifiedAt: at },
    };
    this.operations.set(id, verified);
    return json(200, verified);
  }
}

const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });

const services = (host: string, isProduction: boolean) => ({
  environment: host.split('.')[1],
  production: isProduction && !host.includes('staging'),
  groups: host.includes('staging')
    ? []
    : [{ group: 'storefront', title: 'Storefront', services: ['shop', 'payments'] }],
  services: Object.entries(host.includes('staging') ? { 'shop-staging': 'Shop (staging)' } : TITLES).map(
    ([service, title]) => ({
      service,
      title,
      mode: 'normal',
      revision: 0,
      proof: { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 },
      targets: [],
      operators: ['release.manager@example.com', 'duty.manager@example.com'],
      drift: [],
    }),
  ),
});

export function accepted(request: OperationRequest, at: string): Operation {
  const { operationId, service, action, requestedBy, requestedAt, source } = request;
  return {
    operationId,
    service,
    title: TITLES[service] ?? service,
    action,
    mode: MOVES[action as Action].to,
    state: 'accepted',
    changed: true,
    revision: 1,
    requestedBy,
    requestedAt,
    source,
    committedAt: at,
    acceptedAt: at,
    targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted', at }],
    proof: { state: 'proving', probes: 3, agree: 1, disagree: 2, open: 2, unknown: 0, checkedAt: at },
    message: '',
  } as Operation;
}
