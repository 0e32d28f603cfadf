import { createServer, type RequestListener, type Server } from 'node:http';
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
