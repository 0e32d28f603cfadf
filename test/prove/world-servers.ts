import { type HttpAnswer, ON_CALL, Servers } from '../simulation/servers.ts';

/** What no log, cell, notice or answer may hold. */
export const SECRET = 'token-that-nobody-may-read';

/** The servers of a world: sometimes out of reach, and what they wrote is kept to be searched. */
export class WorldServers extends Servers {
  downUntil = 0;
  syncs = 0;
  /** Services whose rules others wrote, and when last. */
  readonly foreign = new Map<string, number>();
  readonly leaks: string[] = [];

  constructor(propagationMs: number) {
    super(undefined, { minMs: Math.min(500, propagationMs / 2), maxMs: propagationMs });
    this.onLog = (line) => this.search('a log', line);
  }

  override async http(routeKey: string, id: string, body: unknown): Promise<HttpAnswer> {
    if (this.clock.now < this.downUntil) return { status: 503, body: '{"message":"Service Unavailable"}' };
    const answer = await super.http(routeKey, id, body, { headers: { authorization: `Bearer ${SECRET}` } });
    this.search('an answer', answer.body);
    return answer;
  }

  /** Signed by somebody on call. */
  async breakGlass(routeKey: string, body: unknown): Promise<HttpAnswer> {
    const answer = await super.http(routeKey, '', body, {
      headers: { authorization: `AWS4-HMAC-SHA256 Signature=${SECRET}` },
      requestContext: { authorizer: { iam: { userArn: ON_CALL } } },
    });
    this.search('an answer', answer.body);
    return answer;
  }

  search(where: string, text: string): void {
    if (text.includes(SECRET)) this.leaks.push(`${where} holds the token: ${text}`);
  }
}
