import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Credentials, signedHeaders } from '../../../lambda/src/invoke/sigv4.ts';
import { type Listening, listen, readBody } from '../../../local/http-server.ts';
import { readSent, type SentRequest } from '../../requests/check-request.ts';
import type { ServiceName } from '../../requests/sdk-model.ts';

/** A request that passed, and what the service made of it. */
export interface Passed extends SentRequest {
  readonly status: number;
  /** The type of the error, if it was refused. */
  readonly refusal?: string;
}

/** Where a service really is, and who may ask it. */
export interface Destination {
  readonly url: string;
  readonly region: string;
  readonly credentials: () => Promise<Credentials>;
}

/**
 * Stands between the Lambda and the services: writes down what passes, and can hold up one call while a rival acts. Signs
 * anew for where a request really goes, as a signature holds for one host only.
 */
export interface Passage {
  /** Gives each service's address here, as the environment variable that leads the SDK to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly passed: readonly Passed[];
  /** What passed since the last time this was asked. */
  since(): readonly Passed[];
  /** Lets somebody else act when the next call of that operation has arrived, and before the service sees it. */
  holdNext(operation: string, meanwhile: () => Promise<void>): void;
  /** Answers for the service, as IAM does, that the caller may not; until it is allowed again. */
  forbid(operation: string): void;
  allow(operation: string): void;
  close(): Promise<void>;
}

export async function startPassage(destinations: Readonly<Record<ServiceName, Destination>>): Promise<Passage> {
  const passed: Passed[] = [];
  const held = new Map<string, () => Promise<void>>();
  const forbidden = new Set<string>();
  let seen = 0;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const service = (request.url ?? '').split('/')[1] as ServiceName;
    const body = (await readBody(request)).toString('utf8');
    const sent = readSent(service, request.headers['x-amz-target']?.toString(), body);
    const meanwhile = held.get(sent.operation);
    held.delete(sent.operation);
    await meanwhile?.();
    const answer = forbidden.has(sent.operation)
      ? denied(sent.operation)
      : await forward(service, destinations[service], request, body);
    const text = await answer.text();
    const refusal = answer.ok ? undefined : /\w+(?:Exception|Error|NotFound)/.exec(text)?.[0];
    passed.push({ ...sent, status: answer.status, ...(refusal ? { refusal } : {}) });
    const kept = [...answer.headers].filter(([name]) => /^(content-type|x-amz.*)$/.test(name));
    response.writeHead(answer.status, { ...Object.fromEntries(kept), connection: 'close' });
    response.end(text);
  }

  const server: Listening = await listen((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const names = Object.keys(destinations) as ServiceName[];
  return {
    environment: Object.fromEntries(
      names.map((name) => [`AWS_ENDPOINT_URL_${name.toUpperCase()}`, `${server.url}/${name}`]),
    ),
    passed,
    since() {
      const fresh = passed.slice(seen);
      seen = passed.length;
      return fresh;
    },
    holdNext: (operation, meanwhile) => void held.set(operation, meanwhile),
    forbid: (operation) => void forbidden.add(operation),
    allow: (operation) => void forbidden.delete(operation),
    close: server.close,
  };
}

/** As AWS says it when no policy allows a call. */
const denied = (operation: string): Response =>
  new Response(
    JSON.stringify({
      __type: 'AccessDeniedException',
      Message: `User: arn:aws:sts::111122223333:assumed-role/lambda/lambda is not authorized to perform: wafv2:${operation}`,
    }),
    { status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' } },
  );

async function forward(service: ServiceName, to: Destination, { headers: given }: IncomingMessage, body: string) {
  const url = new URL(to.url);
  const kept = ['content-type', 'x-amz-target'].flatMap((name) => {
    const value = given[name]?.toString();
    return value ? [[name, value] as const] : [];
  });
  const headers = await signedHeaders(
    { method: 'POST', url, headers: { host: url.host, ...Object.fromEntries(kept) }, body },
    { credentials: to.credentials, region: to.region, service, at: new Date() },
  );
  return fetch(url, { method: 'POST', headers, body, redirect: 'error' });
}
