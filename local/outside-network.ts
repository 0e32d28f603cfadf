import { request } from 'node:http';

export interface OutsideRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutsideResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export type Answering = (asked: OutsideRequest) => Promise<OutsideResponse>;

/** Sends one request to a loopback server, from the loopback address given; redirects are not followed. */
export function send(to: OutsideRequest & { localAddress?: string; timeoutMs?: number }): Promise<OutsideResponse> {
  return new Promise((resolve, reject) => {
    const { method, headers, localAddress, timeoutMs = 35_000 } = to;
    const outgoing = request(
      to.url,
      { method, headers, localAddress, agent: false, timeout: timeoutMs },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const entries = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(entries), body });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    outgoing.end(to.body);
  });
}

/**
 * The internet as the script sees it: fixed https names, each leading to one loopback server.
 * Every other name does not resolve, so that nothing leaves this machine.
 *
 * @param routes - By origin, such as `https://api.production.example.com`, the loopback URL that stands for it, or what
 *   answers there.
 */
export function outsideNetwork(routes: Readonly<Record<string, string | Answering>>) {
  return async (asked: OutsideRequest): Promise<OutsideResponse> => {
    const { origin, pathname, search, hostname } = new URL(asked.url);
    const base = routes[origin];
    if (typeof base === 'function') return base(asked);
    if (!base) throw new Error(`DNS error: ${hostname} does not resolve on this machine.`);
    return send({ ...asked, url: `${base}${pathname}${search}` });
  };
}
