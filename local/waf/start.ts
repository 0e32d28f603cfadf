import { type AwsCall, serveAwsJson } from '../aws-json.ts';
import type { Clock } from '../clock.ts';
import type { Listening } from '../http-server.ts';
import type { Trace } from '../trace.ts';
import { type Caller, readCaller } from './caller.ts';
import { createDataPlane, type DataPlane } from './data-plane.ts';
import { refusalOf, WafError } from './errors.ts';
import { DEFAULT_PROPAGATION, type Propagation } from './history.ts';
import { type IpSet, ipSetOperations } from './ip-sets.ts';
import { createItems, type ItemsOptions } from './items.ts';
import { LIMITS } from './limits.ts';
import type { Handlers } from './operation.ts';
import { type RuleGroup, ruleGroupOperations, type Stores } from './rule-groups.ts';
import { SUPPORTED_STATEMENTS } from './schema.ts';
import { type Call, createThrottle, type Quotas, REAL_QUOTAS } from './throttle.ts';
import { type Settling, webAclOperations } from './web-acls.ts';

export type { DataPlane } from './data-plane.ts';

export interface WafOptions {
  readonly port?: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly trace?: Trace;
  readonly quotas?: Partial<Quotas>;
  /** Rule groups in a region, IP sets, and web ACLs: quotas that AWS raises for whoever asks. */
  readonly most?: number;
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
  settling: Settling,
  most?: number,
): Handlers {
  const stores: Stores = {
    ruleGroups: createItems({ kind: 'rulegroup', most: most ?? LIMITS.ruleGroups, onChange: ruleGroupChanged }),
    ipSets: createItems({ kind: 'ipset', most: most ?? LIMITS.ipSets, onChange: ipSetChanged }),
    // The sites have web ACLs of their own: what is changed here is seen by the API alone.
    webAcls: createItems({ kind: 'webacl', most: most ?? LIMITS.webAcls, onChange: nobody }),
  };
  return { ...ruleGroupOperations(stores), ...ipSetOperations(stores), ...webAclOperations(stores, settling) };
}

const LARGEST_BODY_BYTES = 10_000_000;
const nobody = () => undefined;

/** What the local WAF does; every other operation, statement or setting is refused by name. */
export const WAF_EMULATES: readonly string[] = [
  ...Object.keys(createHandlers(nobody, nobody, { now: () => 0, settlesAfterMs: 0 })),
  ...SUPPORTED_STATEMENTS,
  'RuleGroupReferenceStatement in web ACLs, without overrides of single rules',
  'web ACLs of load balancers as the API knows them; the sites have web ACLs of their own',
  'lock tokens, quotas, limits and propagation delay',
  'accounts by access key id (signatures are not checked)',
];

/** Starts an empty WAF on loopback: one endpoint for all regions and accounts. */
export async function startWaf(options: WafOptions): Promise<Waf> {
  const { port, clock, trace, propagation = DEFAULT_PROPAGATION, random = Math.random } = options;
  const { dataPlane, ruleGroupChanged, ipSetChanged } = createDataPlane({ propagation, now: clock.now, random });
  const settling = { now: clock.now, settlesAfterMs: propagation.maxMs };
  const handlers = createHandlers(ruleGroupChanged, ipSetChanged, settling, options.most);
  const throttle = createThrottle({ ...REAL_QUOTAS, ...options.quotas }, clock.now);
  const calls: RecordedCall[] = [];

  function call({ operation, headers, body }: AwsCall): object {
    const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
    if (!handler) throw new WafError('UnknownOperationException', `${operation} is not supported by the local WAF.`);
    const caller = readCaller(headers);
    return recorded({ operation, caller, name: nameIn(body) }, () => {
      throttle({ operation, ...caller });
      return handler(body, caller);
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
      note(refusalOf(error).type);
      throw error;
    }
  }

  const server = await serveAwsJson({
    ...{ version: '1.1', target: 'AWSWAF_20190729', largestBytes: LARGEST_BODY_BYTES, port },
    ...{ call, refusalOf },
  });
  return { ...server, dataPlane, calls: () => [...calls] };
}

interface Called {
  readonly operation: string;
  readonly caller: Caller;
  readonly name: string | undefined;
}

/** Only for the trace: the request is parsed by its operation. */
function nameIn(body: object): string | undefined {
  const { Name } = body as { Name?: unknown };
  return typeof Name === 'string' ? Name.slice(0, 128) : undefined;
}
