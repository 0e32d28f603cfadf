import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { type Listening, listen, readBody } from '../http-server.ts';
import type { Trace } from '../trace.ts';
import { invalidParameter, notSupported, WafFault } from './errors.ts';
import type { IPSetContent, RuleGroupContent } from './model.ts';
import { createOperations, type Input } from './operations.ts';
import { DEFAULT_PROPAGATION, type Propagation } from './propagation.ts';
import { createQuotas, type Quotas, REAL_QUOTAS } from './quotas.ts';
import type { Corner } from './resources.ts';
import { SUPPORTED_STATEMENTS } from './validation.ts';

export interface WafOptions {
  readonly port?: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly trace?: Trace;
  readonly quotas?: Partial<Quotas>;
  readonly propagation?: Propagation;
  /** 0 to 1: which corner of the world a request comes to. */
  readonly random?: () => number;
}

export interface WafCall {
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly name?: string;
  readonly at: number;
  /** The error's type, if there was one. */
  readonly fault?: string;
}

/** What the edges see: each request meets what has reached it by now. */
export interface Plane {
  ruleGroup(corner: Corner, name: string): RuleGroupContent | undefined;
  addresses(ipSetArn: string): readonly string[];
}

export interface WafServer extends Listening {
  readonly plane: Plane;
  calls(): readonly WafCall[];
}

/** What the local WAF does; every other operation or statement is refused by name. */
export const WAF_EMULATES: readonly string[] = [
  ...Object.keys(createOperations(Date.now).operations),
  ...SUPPORTED_STATEMENTS,
  'lock tokens, quotas, limits and propagation delay',
];

const TARGET = /^AWSWAF_20190729\.(\w+)$/;
/** `Credential=<access key>/<date>/<region>/wafv2/aws4_request` */
const CREDENTIAL = /Credential=([^/]+)\/\d+\/([^/]+)\//;
const ACCOUNTS: Readonly<Record<string, string>> = { staging: '444455556666' };
const OTHER_ACCOUNT = '111122223333';

/** Starts the WAFv2 API of all accounts and regions on one loopback port. Signatures are not checked. */
export async function startWaf(options: WafOptions): Promise<WafServer> {
  const { port, clock, trace, quotas, propagation = DEFAULT_PROPAGATION, random = Math.random } = options;
  const { operations, groups, sets } = createOperations(clock.now);
  const takeTurn = createQuotas({ ...REAL_QUOTAS, ...quotas }, clock.now);
  const calls: WafCall[] = [];
  const seen = <T>(content: { seen(now: number, how: Propagation, random: () => number): T }): T =>
    content.seen(clock.now(), propagation, random);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const operation = TARGET.exec(String(request.headers['x-amz-target'] ?? ''))?.[1] ?? 'an unnamed operation';
    const [, accessKey = '', region = ''] = CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
    const account = ACCOUNTS[accessKey] ?? OTHER_ACCOUNT;
    let name: string | undefined;
    const finish = (status: number, body: object, fault?: WafFault) => {
      response.writeHead(status, {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-requestid': randomUUID(),
        ...(fault ? { 'x-amzn-errortype': fault.type } : {}),
      });
      response.end(JSON.stringify(body));
      calls.push({ operation, region, account, name, at: clock.now(), fault: fault?.type });
      const what = [operation, name, region].filter(Boolean).join(' ');
      trace?.({
        at: clock.now(),
        tookMs: performance.now() - startedAt,
        part: 'waf',
        what,
        said: fault?.type ?? 'ok',
        ok: !fault,
      });
    };
    try {
      const input = JSON.parse((await readBody(request)).toString('utf8') || '{}') as Input;
      name = input.Name;
      const run = operations[operation];
      if (!run) throw notSupported(operation);
      takeTurn(operation, account, region);
      finish(200, run(input, cornerOf(input, account, region)));
    } catch (error) {
      const fault = error instanceof WafFault ? error : new WafFault('WAFInternalErrorException', String(error));
      finish(
        fault.type === 'WAFInternalErrorException' ? 500 : 400,
        { __type: fault.type, message: fault.message, Message: fault.message },
        fault,
      );
    }
  }

  const server = await listen((request, response) => void answer(request, response), port);
  return {
    ...server,
    calls: () => calls,
    plane: {
      ruleGroup(corner, name) {
        const group = groups.byName(corner, name);
        return group && seen<RuleGroupContent>(group.content);
      },
      addresses(arn) {
        const set = sets.byArn(arn);
        return set ? seen<IPSetContent>(set.content).Addresses : [];
      },
    },
  };
}

function cornerOf({ Scope, ARN }: Input, account: string, region: string): Corner {
  const scope = Scope ?? (ARN?.includes(':global/') ? 'CLOUDFRONT' : 'REGIONAL');
  if (scope !== 'REGIONAL' && scope !== 'CLOUDFRONT')
    throw invalidParameter('SCOPE', 'It must be REGIONAL or CLOUDFRONT');
  if (scope === 'CLOUDFRONT' && region !== 'us-east-1') throw invalidParameter('SCOPE_VALUE', 'The scope is not valid');
  return { account, region, scope };
}
