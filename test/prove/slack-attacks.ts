import type { Servers } from '../simulation/servers.ts';
import { SIGNING_SECRET, signed } from '../simulation/slack-side.ts';

/** What is sent to the route that anybody can reach, and what must come of it. Data; `attack.ts` tries it. */

interface SlackRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface SlackAttack {
  readonly what: string;
  readonly status: number;
  /** What the person, or whoever sent it, is told; blank where that does not matter. */
  readonly told: string;
  /** How often the channel is asked whether something is meant: by a good request, once. */
  readonly questions?: number;
  /** One after the other. */
  make(servers: Servers): SlackRequest[] | Promise<SlackRequest[]>;
}

const OLD_MS = 6 * 60_000;
type Form = Record<string, string>;

function asSent(
  form: Form,
  now: number,
  { secret = SIGNING_SECRET, headers = {} as Form, body = '' } = {},
): SlackRequest {
  const { headers: own, body: encoded } = signed(form, now, secret);
  return { headers: { ...own, ...headers }, body: body || Buffer.from(encoded, 'base64').toString('utf8') };
}

const enter = ({ slack }: Servers, more: Form = {}, userId = 'U0MANAGER'): Form => ({
  ...slack.command('enter shop', userId),
  ...more,
});
const pressed = ({ slack }: Servers, id: string, value: string, userId = 'U0MANAGER'): Form =>
  slack.press({ ts: '1.1', text: '', buttons: [] }, { id, value }, userId);

const signature = (what: string, how: (servers: Servers) => SlackRequest): SlackAttack => ({
  what,
  status: 401,
  told: 'not signed by Slack',
  make: (servers) => [how(servers)],
});
const refused = (what: string, told: string, form: (servers: Servers) => Form): SlackAttack => ({
  what,
  status: 200,
  told,
  make: (servers) => [asSent(form(servers), servers.clock.now)],
});
const nonsense = (what: string, form: Form): SlackAttack => ({
  what,
  status: 400,
  told: '',
  make: ({ clock }) => [asSent(form, clock.now)],
});

export const SLACK_ATTACKS: readonly SlackAttack[] = [
  { what: 'a good command', status: 200, told: '', questions: 1, make: (at) => [asSent(enter(at), at.clock.now)] },
  {
    what: 'a good one, and again by somebody who listened',
    status: 200,
    told: '',
    questions: 1,
    make(at) {
      const sent = asSent(enter(at), at.clock.now);
      return [sent, sent, sent];
    },
  },
  signature('no signature', (at) => ({ headers: {}, body: new URLSearchParams(enter(at)).toString() })),
  signature('a signature of six minutes ago', (at) => asSent(enter(at), at.clock.now - OLD_MS)),
  signature('a signature that is still to come', (at) => asSent(enter(at), at.clock.now + OLD_MS)),
  signature('another secret', (at) => asSent(enter(at), at.clock.now, { secret: 'guessed' })),
  signature('an empty secret', (at) => asSent(enter(at), at.clock.now, { secret: '' })),
  signature('the body of another one', (at) =>
    asSent(enter(at), at.clock.now, { body: 'command=%2Fdrawbridge&text=exit+shop' }),
  ),
  signature('a time that is none', (at) =>
    asSent(enter(at), at.clock.now, { headers: { 'x-slack-request-timestamp': '1e12' } }),
  ),
  signature('a fresh time over an old signature', (at) =>
    asSent(enter(at), at.clock.now - OLD_MS, {
      headers: { 'x-slack-request-timestamp': String(Math.floor(at.clock.now / 1_000)) },
    }),
  ),
  signature('half of a signature', (at) =>
    asSent(enter(at), at.clock.now, { headers: { 'x-slack-signature': 'v0=00' } }),
  ),
  signature('a signature of another version', (at) => {
    const sent = asSent(enter(at), at.clock.now);
    return {
      ...sent,
      headers: { ...sent.headers, 'x-slack-signature': `v1${sent.headers['x-slack-signature']?.slice(2)}` },
    };
  }),
  refused('another workspace', 'This workspace', (at) => enter(at, { team_id: 'T0OTHER' })),
  refused('another channel', 'does not listen in this channel', (at) => enter(at, { channel_id: 'C0OTHER' })),
  refused('another app', 'another Slack app', (at) => enter(at, { api_app_id: 'A0OTHER' })),
  refused('a guest', 'Guests may not ask', (at) => enter(at, {}, 'U0GUEST')),
  refused('a bot', 'Bots and workflows', (at) => enter(at, {}, 'U0BOT')),
  refused('a stranger in a shared channel', 'members of our own workspace', (at) => enter(at, {}, 'U0STRANGER')),
  refused('an address that Slack has not confirmed', 'has not confirmed', (at) => enter(at, {}, 'U0UNCONFIRMED')),
  refused('somebody who left', 'deactivated', (at) => enter(at, {}, 'U0LEFT')),
  refused('who is no operator', 'is not an operator', (at) => enter(at, {}, 'U0INTERN')),
  refused('nobody whom Slack knows', 'does not say who you are', (at) => enter(at, {}, 'U0NOWHERE')),
  refused('a button of nothing', 'does not know this message', (at) => pressed(at, 'run', 'production-ffffffff')),
  refused('a button of a prototype', 'does not know this message', (at) => pressed(at, 'run', '__proto__')),
  refused('a notice’s button for what is no service', 'does not know this message', (at) =>
    pressed(at, 'open-now', 'constructor'),
  ),
  refused('a range that is everybody', 'is no address to let in', (at) =>
    enter(at, { text: 'enable-allowlist shop 0.0.0.0/0' }),
  ),
  nonsense('no form', {}),
  nonsense('a payload that is no JSON', { payload: '{' }),
  nonsense('a payload of a kind that nobody asked for', { payload: '{"type":"shortcut"}' }),
  nonsense('a payload with a list for a person', { payload: '{"type":"block_actions","user":[]}' }),
];
