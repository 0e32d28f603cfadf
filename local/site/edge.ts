import type { IncomingMessage, ServerResponse } from 'node:http';
import { isHostOf } from '../../config/hosts.ts';
import { type Listening, listen } from '../http-server.ts';
import { type BlockResponse, evaluate } from '../waf/evaluate.ts';
import type { Place } from '../waf/items.ts';
import type { DataPlane } from '../waf/start.ts';
import { forward } from './forward.ts';
import { inspected } from './inspected.ts';
import { siteWebAcl } from './web-acl.ts';

export interface EdgeOptions {
  readonly port?: number;
  /** As the `via` of its answers tells it. */
  readonly name: 'CloudFront' | 'load balancer';
  readonly dataPlane: DataPlane;
  /** Where the rule groups stand that its web ACL references first. While there is none, the site is open. */
  readonly corner: Place;
  /** Of one service, or of several that share the web ACL, each with its hosts. */
  readonly behind: readonly Behind[];
  /** Told of every probe that comes in here first, and how it was answered. */
  readonly onProbe?: (said: string) => void;
}

interface Behind {
  readonly ruleGroup: string;
  /** None: it gets every request. */
  readonly hosts: readonly string[];
  /** The URL of what stands behind it. */
  readonly origin: string;
}

/** As `lambda/src/proof/probe.ts` calls itself. */
const PROBE = /drawbridge-probe/;

/** A door of a site, on IPv4 and IPv6 loopback: asks its web ACL about every request, then passes it on. */
export function startEdge({ port, name, dataPlane, corner, behind, onProbe }: EdgeOptions): Promise<Listening> {
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (isProbe(request)) response.on('finish', () => onProbe?.(answered(response)));
    const groups = behind.flatMap(({ ruleGroup }) => dataPlane.ruleGroup(corner, ruleGroup) ?? []);
    const { response: refusal } = evaluate(siteWebAcl(corner.account, groups), inspected(request), {
      ruleGroup: (arn) => groups.find((group) => group.arn === arn),
      ipSet: () => undefined,
    });
    // As a load balancer without a rule for the host: what stands there first.
    const { origin } = (behind.find((one) => isHostOf(one, request.headers.host ?? '')) ?? behind[0]) as Behind;
    if (refusal) refuse(request, response, refusal);
    else forward(request, response, origin, name);
  };
  return listen(onRequest, port, { ipv6: true });
}

/** Behind another door, the same probe comes with a forwarded address. */
const isProbe = ({ headers }: IncomingMessage): boolean =>
  PROBE.test(headers['user-agent'] ?? '') && headers['x-forwarded-for'] === undefined;

const answered = (response: ServerResponse): string =>
  [response.statusCode, response.getHeader('x-maintenance-mode')].filter(Boolean).join(' ');

/** Without a body for HEAD, and for the codes that have none. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: BlockResponse): void {
  const { status, headers, body, contentType } = refusal;
  request.resume();
  response.writeHead(status, {
    ...headers,
    ...(contentType ? { 'content-type': contentType } : {}),
    ...(status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(body);
}
