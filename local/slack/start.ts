import type { IncomingMessage } from 'node:http';
import type { SlackConfig } from '../../config/schema.ts';
import { type HttpAnswer, type Listening, readBody, serve } from '../http-server.ts';
import type { Trace } from '../trace.ts';
import { createClient, type SlackClient } from './client.ts';
import { SlackRefusal } from './errors.ts';
import { callMethod, METHODS } from './methods.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** What the local Slack does; everything else it refuses by name, in Slack's own shape. */
export const SLACK_EMULATES = [
  `Web API: ${METHODS.join(', ')}`,
  'slash commands, buttons and forms, signed; three seconds, then once more with x-slack-retry-num',
  'sections, buttons, selects and text inputs, in the sizes that Slack takes',
];

export interface SlackAppOptions {
  readonly slack: SlackConfig;
  readonly signingSecret: string;
  readonly botToken: string;
  requestUrl(): string;
}

export interface SlackOptions {
  readonly port?: number;
  readonly clock: { now(): number };
  readonly trace?: Trace;
  /** By environment. */
  readonly apps: Readonly<Record<string, SlackAppOptions>>;
}

/** How Slack fails: it does not answer, answers late, or asks for patience. */
export type SlackFault = 'down' | 'slow' | 'rate-limited';

export interface LocalSlackApp extends SlackClient {
  readonly slack: SlackConfig;
  readonly workspace: Workspace;
  /** Calls of one method fail from now on, until it is called with undefined. */
  fail(method: string, fault: SlackFault | undefined): void;
  /** How often each method was called. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface LocalSlack extends Listening {
  readonly apps: Readonly<Record<string, LocalSlackApp>>;
}

const SLOW_MS = 5_000;

/** Starts a Slack on loopback, with a workspace for each app. */
export async function startSlack({ port, clock, trace, apps: options }: SlackOptions): Promise<LocalSlack> {
  const faults = new Map<string, SlackFault>();
  const made = Object.entries(options).map(([environment, app]) => {
    const workspace = createWorkspace(app.slack, clock.now);
    const calls = new Map<string, number>();
    const face: LocalSlackApp = {
      ...createClient(workspace, { ...app, now: clock.now }),
      slack: app.slack,
      workspace,
      calls,
      fail(method, fault) {
        if (fault === undefined) faults.delete(`${environment} ${method}`);
        else faults.set(`${environment} ${method}`, fault);
      },
    };
    return { environment, botToken: app.botToken, face, calls };
  });

  async function answer(request: IncomingMessage): Promise<HttpAnswer | undefined> {
    const at = clock.now();
    const method = /^\/api\/([\w.]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const form = Object.fromEntries(new URLSearchParams((await readBody(request)).toString('utf8')));
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? form.token;
    const app = made.find(({ botToken }) => botToken === token);
    const environment = app?.environment;
    const hop = { at, part: 'slack', what: method, ...(environment ? { environment } : {}) } as const;
    if (!app) {
      trace?.({ ...hop, said: 'invalid_auth', ok: false });
      return json({ ok: false, error: token ? 'invalid_auth' : 'not_authed' });
    }
    app.calls.set(method, (app.calls.get(method) ?? 0) + 1);
    const fault = faults.get(`${environment} ${method}`);
    if (fault === 'down') return undefined;
    if (fault === 'rate-limited')
      return { ...json({ ok: false, error: 'ratelimited' }), status: 429, headers: { 'retry-after': '30' } };
    if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref());
    try {
      const told = callMethod(app.face.workspace, method, form);
      trace?.({ ...hop, said: 'ok', ok: true });
      return json({ ok: true, ...told });
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      trace?.({ ...hop, said: error.error, ok: false });
      return json({ ok: false, error: error.error, ...error.more });
    }
  }

  const server = await serve(answer, port);
  return { ...server, apps: Object.fromEntries(made.map(({ environment, face }) => [environment, face])) };
}

const json = (body: object): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});
