import { problem } from '../../contract/problem.ts';
import { type HttpAnswer, ON_CALL, Servers, type ServersOptions } from '../simulation/servers.ts';
import { BOT_TOKEN, SIGNING_SECRET } from '../simulation/slack-side.ts';

/** What no log, cell, notice, message or answer may hold. */
const SECRET = 'token-that-nobody-may-read';
const SECRETS = [SECRET, BOT_TOKEN, SIGNING_SECRET];

/** The servers of a world: sometimes out of reach, and what they wrote is kept to be searched. */
export class WorldServers extends Servers {
  downUntil = 0;
  /** Until then the script's token is one of a secret that was deleted. */
  lockedOutUntil = 0;
  syncs = 0;
  /** Services whose rules others wrote, and when last. */
  readonly foreign = new Map<string, number>();
  readonly leaks: string[] = [];

  /** Of other environments, nobody is asked in Slack. */
  constructor(propagationMs: number, options: ServersOptions) {
    const propagation = { minMs: Math.min(500, propagationMs / 2), maxMs: propagationMs };
    super(undefined, propagation, { hasSlack: options.beside === undefined, ...options });
    this.checkToken = async () => {
      if (this.clock.now < this.lockedOutUntil) throw problem('UNAUTHENTICATED', 'The access token is not valid.');
    };
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
    if (SECRETS.some((secret) => text.includes(secret))) this.leaks.push(`${where} holds a secret: ${text}`);
  }
}
