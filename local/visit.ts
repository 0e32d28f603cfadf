import { send } from './outside-network.ts';

/** Loopback addresses that stand for people outside: the edge sees them as the source of the connection. */
export const VISITORS = { public: '127.0.0.1', tester: '127.0.0.2' } as const;
export type Visitor = keyof typeof VISITORS;

export interface Visit {
  readonly as: Visitor;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One real request to a site, as that visitor sends it. */
export function visit(siteUrl: string, { as, path = '/', method = 'GET', headers = {} }: Visit) {
  return send({
    url: new URL(path, siteUrl).href,
    method,
    headers: { accept: 'text/html', ...headers },
    localAddress: VISITORS[as],
    timeoutMs: 10_000,
  });
}
