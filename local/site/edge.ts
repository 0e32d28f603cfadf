import { request as forward, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listening, listen } from '../http-server.ts';
import { evaluate, type RuleSet, type Verdict } from '../waf/evaluate.ts';
import type { Rule } from '../waf/model.ts';
import type { Corner } from '../waf/resources.ts';
import type { Plane } from '../waf/start.ts';

export interface EdgeOptions {
  readonly port?: number;
  /** As the `via` of its answers tells it. */
  readonly name: 'CloudFront' | 'load balancer';
  readonly plane: Plane;
  /** The rule group that its web ACL references first. */
  readonly corner: Corner;
  readonly ruleGroup: string;
  /** Where requests go that the web ACL lets through. */
  readonly origin: string;
}

/** Another rule of the site's own web ACL: testers must meet it too. */
const OWN_RULES: readonly Rule[] = [
  {
    Name: 'no-script-in-query',
    Priority: 0,
    Statement: {
      ByteMatchStatement: {
        SearchString: Buffer.from('<script').toString('base64'),
        FieldToMatch: { QueryString: {} },
        TextTransformations: [
          { Priority: 0, Type: 'URL_DECODE' },
          { Priority: 1, Type: 'LOWERCASE' },
        ],
        PositionalConstraint: 'CONTAINS',
      },
    },
    Action: { Block: {} },
    VisibilityConfig: {},
  },
];

const CONTENT_TYPES = {
  TEXT_PLAIN: 'text/plain',
  TEXT_HTML: 'text/html',
  APPLICATION_JSON: 'application/json',
} as const;

/** A door of a site: evaluates its web ACL for every request, then forwards it, with the client's address appended. */
export function startEdge(options: EdgeOptions): Promise<Listening> {
  return listen((request, response) => pass(options, request, response), options.port, { ipv6: true });
}

function pass(options: EdgeOptions, request: IncomingMessage, response: ServerResponse): void {
  const clientAddress = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const verdict = evaluate(
    webAcl(options),
    { method: request.method ?? 'GET', path, query, headers: flat(request.headers), clientAddress },
    options.plane.addresses,
  );
  if (verdict.action === 'block') block(request, response, verdict);
  else send(options, clientAddress, request, response);
}

function webAcl({ plane, corner, ruleGroup }: EdgeOptions): RuleSet[] {
  const content = plane.ruleGroup(corner, ruleGroup);
  const own = { rules: OWN_RULES, bodies: {}, labelPrefix: `awswaf:${corner.account}:webacl:site:` };
  if (!content) return [own];
  const labelPrefix = `awswaf:${corner.account}:rulegroup:${ruleGroup}:`;
  return [{ rules: content.Rules, bodies: content.CustomResponseBodies ?? {}, labelPrefix }, own];
}

const flat = (headers: IncomingHttpHeaders): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

function block(request: IncomingMessage, response: ServerResponse, { response: custom, body }: Verdict): void {
  request.resume();
  for (const { Name, Value } of custom?.ResponseHeaders ?? []) response.setHeader(Name, Value);
  if (body) response.setHeader('content-type', CONTENT_TYPES[body.ContentType]);
  else if (!custom) response.setHeader('content-type', 'text/html');
  response.statusCode = custom?.ResponseCode ?? 403;
  const plain = custom
    ? ''
    : '<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>';
  response.end(request.method === 'HEAD' ? undefined : (body?.Content ?? plain));
}

function send(
  { origin, name }: EdgeOptions,
  clientAddress: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const before = request.headers['x-forwarded-for'];
  const headers = { ...request.headers, 'x-forwarded-for': before ? `${before}, ${clientAddress}` : clientAddress };
  const { method, url } = request;
  const { hostname, port } = new URL(origin);
  const onward = forward({ hostname, port, path: url, method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, via: `1.1 ${name}` });
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
    response.end('Bad Gateway');
  });
  request.pipe(onward);
}
