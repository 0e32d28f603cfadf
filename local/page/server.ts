import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Listening, listen } from '../http-server.ts';
import { type Asset, readAssets } from './assets.ts';
import { streamEvents } from './event-stream.ts';
import { checkHost, checkOrigin, readJson } from './guards.ts';
import { PageProblem, PROBLEM_STATUS, problemOf } from './page-problem.ts';
import { routeOf } from './routes.ts';
import type { SheetHost } from './sheet-host.ts';

export interface PageOptions {
  /** 0 lets the machine choose. */
  readonly port?: number;
  readonly host: SheetHost;
  /** The folder of the built page: index.html, main.js, style.css. */
  readonly assets: URL | string;
  /** Told what was answered as INTERNAL. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Scripts come from here only. Styles may be inline because the frames that show the sites inherit this policy;
 * they are sandboxed, so nothing in them runs.
 */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * The page at `/` and the sheet as HTTP below `/api/`, for this machine only.
 * @throws Error EADDRINUSE - another program listens on the port.
 */
export async function startPage({ port = 0, host, assets, onError = console.error }: PageOptions): Promise<Listening> {
  const files = await readAssets(assets);
  return listen((request, response) => {
    answer(host, files, request, response).catch((error: unknown) => {
      const problem = problemOf(error);
      if (problem.code === 'INTERNAL') onError(error);
      if (response.headersSent) return response.destroy();
      sendJson(response, PROBLEM_STATUS[problem.code], problem);
      // Without this, a client that is still sending would never read the answer.
      request.resume();
    });
  }, port);
}

async function answer(
  host: SheetHost,
  files: ReadonlyMap<string, Asset>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  checkHost(request);
  const method = request.method ?? '';
  const { pathname, searchParams } = urlOf(request);
  const file = files.get(pathname);
  if (file) {
    allow(response, method, ['GET', 'HEAD']);
    return sendFile(response, file);
  }
  if (pathname === '/api/events') {
    allow(response, method, ['GET']);
    return streamEvents(host, response);
  }
  const route = routeOf(pathname);
  if (!route) throw new PageProblem('UNKNOWN_ROUTE', `There is nothing at ${pathname}. The sheet is at /.`);
  allow(response, method, Object.keys(route.methods));
  if (method === 'POST') checkOrigin(request);
  const input = method === 'POST' ? await readJson(request) : Object.fromEntries(searchParams);
  sendJson(response, 200, await route.methods[method]?.(host, { input, rest: route.rest }));
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(`http://localhost${request.url}`);
  } catch {
    throw new PageProblem('UNKNOWN_ROUTE', 'The path of the request is not a path. The sheet is at /.');
  }
}

function allow(response: ServerResponse, method: string, methods: readonly string[]): void {
  if (methods.includes(method)) return;
  response.setHeader('allow', methods.join(', '));
  throw new PageProblem('METHOD_NOT_ALLOWED', `${method} is not possible here. Use ${methods.join(' or ')}.`);
}

function sendFile(response: ServerResponse, { type, bytes }: Asset): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length, 'cache-control': 'no-cache' });
  response.end(bytes);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
