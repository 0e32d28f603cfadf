import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { type Listening, listen, readBody } from '../http-server.ts';
import type { Trace } from '../trace.ts';
import { type Caller, readCaller, readOperation } from './caller.ts';
import { createDataPlane, type DataPlane } from './data-plane.ts';
import { WafError } from './errors.ts';
import { DEFAULT_PROPAGATION, type Propagation } from './history.ts';
import { type IpSet, ipSetOperations } from './ip-sets.ts';
import { createItems, type ItemsOptions } from './items.ts';
import { LIMITS } from './limits.ts';
import type { Handlers } from './operation.ts';
import { type RuleGroup, ruleGroupOperations, type Stores } from './rule-groups.ts';
import { SUPPORTED_STATEMENTS } from './schema.ts';
import { type Call, createThrottle, type Quotas, REAL_QUOTAS } from './throttle.ts';

export type { DataPlane } from './data-plane.ts';

export interface WafOptions {
  readonly port?: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly trace?: Trace;
  readonly quotas?: Partial<Quotas>;
  readonly propagation?: Propagation;
  /** 0 to 1, without 1; decides which requests see a change that is under way. */
  readonly random?: () => number;
}

export interface RecordedCall extends Call {
  /** Milliseconds since the epoch on the local clock. */
  readonly at: number;
  /** The error's type, if it was refused. */
  readonly error?: string;
}

export interface Waf extends Listening {
  readonly dataPlane: DataPlane;
  /** Every call of a known operation, refused ones too, oldest first. */
  calls(): readonly RecordedCall[];
}

function createHandlers(
  ruleGroupChanged: ItemsOptions<RuleGroup>['onChange'],
  ipSetChanged: ItemsOptions<IpSet>['onChange'],
): Handlers {
  const stores: Stores = {
    ruleGroups: createItems({ kind: 'rulegroup', most: LIMITS.ruleGroups, onChange: ruleGroupChanged }),
    ipSets: createItems({ kind: 'ipset', most: LIMITS.ipSets, onChange: ipSetChanged }),
  };
  return { ...ruleGroupOperations(stores), ...ipSetOperations(stores) };
}

const nobody = () => undefined;

/** What the local WAF does; every other operation, statement or setting is refused by name. */
export const WAF_EMULATES: readonly string[] = [
  ...Object.keys(createHandlers(nobody, nobody)),
  ...SUPPORTED_STATEMENTS,
  'lock tokens, quotas, limits and propagation delay',
  'accounts by access key id (signatures are not checked)',
];

/** Starts an empty WAF on loopback: one endpoint for all regions and accounts. */
export async function startWaf(options: WafOptions): Promise<Waf> {
  const { port, clock, trace, propagation = DEFAULT_PROPAGATION, random = Math.random } = options;
  const { dataPlane, ruleGroupChanged, ipSetChanged } = createDataPlane({ propagation, now: clock.now, random });
  const handlers = createHandlers(ruleGroupChanged, ipSetChanged);
  const throttle = createThrottle({ ...REAL_QUOTAS, ...options.quotas }, clock.now);
  const calls: RecordedCall[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    send(
      response,
      outcome(() => call(request, body)),
    );
  }

  function call(request: IncomingMessage, body: Buffer): object {
    const operation = readOperation(request.headers);
    const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
    if (!handler || request.method !== 'POST') {
      throw new WafError('UnknownOperationException', `${operation} is not supported by the local WAF.`);
    }
    const caller = readCaller(request.headers);
    return recorded({ operation, caller, name: nameIn(body) }, () => {
      throttle({ operation, ...caller });
      return handler(readJson(body), caller);
    });
  }

  function recorded({ operation, caller, name }: Called, run: () => object): object {
    const at = clock.now();
    const startedAt = performance.now();
    const { account, region, environment } = caller;
    const note = (error?: string) => {
      calls.push({ operation, account, region, at, ...(error ? { error } : {}) });
      const tookMs = performance.now() - startedAt;
      const what = `${operation}${name ? ` ${name}` : ''} (${region})`;
      trace?.({ at, tookMs, part: 'waf', what, said: error ?? 'done', ok: !error, environment });
    };
    try {
      const result = run();
      note();
      return result;
    } catch (error) {
      note(error instanceof WafError ? error.type : 'WAFInternalErrorException');
      throw error;
    }
  }

  const server = await listen((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  }, port);
  return { ...server, dataPlane, calls: () => [...calls] };
}

interface Called {
  readonly operation: string;
  readonly caller: Caller;
  readonly name: string | undefined;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch (cause) {
    throw new WafError('SerializationException', `The request is no JSON: ${(cause as Error).message}`);
  }
}

/** Only for the trace: the request is parsed by its operation. */
function nameIn(body: Buffer): string | undefined {
  try {
    const { Name } = JSON.parse(body.toString('utf8'));
    return typeof Name === 'string' ? Name.slice(0, 128) : undefined;
  } catch {
    return undefined;
  }
}

/** An unforeseen error is the service's own: 500, as the SDK expects it. */
function outcome(run: () => object): object | WafError {
  try {
    return run();
  } catch (error) {
    if (error instanceof WafError) return error;
    return new WafError('WAFInternalErrorException', `the local WAF failed: ${(error as Error).message}`, {}, 500);
  }
}

function send(response: ServerResponse, result: object | WafError): void {
  const failed = result instanceof WafError;
  const { type, members, message } = failed ? result : ({} as Partial<WafError>);
  const payload = failed ? { __type: type, message, Message: message, ...members } : result;
  response.writeHead(failed ? result.status : 200, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
    ...(failed ? { 'x-amzn-errortype': result.type } : {}),
  });
  response.end(JSON.stringify(payload));
}
