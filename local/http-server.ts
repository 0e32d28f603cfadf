import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** One HTTP server on 127.0.0.1, and on ::1 with the same port where `ipv6` is asked for and the machine has it. */
export async function listen(
  listener: RequestListener,
  port = 0,
  options: { ipv6?: boolean } = {},
): Promise<Listening> {
  const first = await listenOn('127.0.0.1', port, listener);
  const servers: Server[] = [first];
  const actual = (first.address() as AddressInfo).port;
  if (options.ipv6) {
    const second = await listenOn('::1', actual, listener).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return undefined;
      throw error;
    });
    if (second) servers.push(second);
  }
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string | Buffer;
}

/** A server that gives each request one answer. If there is none, or an error, the connection ends without it. */
export function serve(
  answer: (request: IncomingMessage) => Promise<HttpAnswer | undefined>,
  port?: number,
): Promise<Listening> {
  return listen((request, response) => {
    answer(request).then(
      (given) => {
        if (!given) return void response.destroy();
        const { status, headers, body } = given;
        response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
        response.end(body);
      },
      (error: unknown) => response.destroy(error as Error),
    );
  }, port);
}

function listenOn(host: string, port: number, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => resolve(server));
  });
}

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** The whole body as bytes. @throws BodyTooLargeError */
export async function readBody(request: AsyncIterable<Buffer>, maxBytes = 10_000_000): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLargeError(`The body is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @returns undefined if it is too large; the rest is read and thrown away, so that the caller hears the answer. */
export async function readBodyUpTo(maxBytes: number, request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return await readBody(request.iterator({ destroyOnReturn: false }), maxBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    request.resume();
    return undefined;
  }
}
