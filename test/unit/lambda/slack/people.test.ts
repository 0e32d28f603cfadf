import { rememberPeople } from '../../../../lambda/src/slack/identify.ts';
import type { SlackApi } from '../../../../lambda/src/slack/web-api.ts';
import { createSlackDoor, type SlackDoor } from './door.ts';

/** Who it is, is asked of Slack; what Slack does not say changes nothing. */

it('a person is asked for once in five minutes, each for themselves', async () => {
  let now = 0;
  const asked: string[] = [];
  const slackApi = {
    user: async (id: string) => {
      asked.push(id);
      return { id };
    },
  } as unknown as SlackApi;
  const api = rememberPeople(slackApi, () => now);
  expect([await api.user('ADA'), await api.user('ADA'), await api.user('BEN')]).toEqual([
    ...[{ id: 'ADA' }, { id: 'ADA' }, { id: 'BEN' }],
  ]);
  now = 5 * 60_000 - 1;
  await api.user('ADA');
  expect(asked).toEqual(['ADA', 'BEN']);
  now += 1;
  await api.user('ADA');
  expect(asked).toEqual(['ADA', 'BEN', 'ADA']);
});

describe('at the door', () => {
  let door: SlackDoor;
  let logged: unknown[];
  beforeEach(async () => {
    door = await createSlackDoor();
    logged = [];
    Object.assign(door.deps, { log: (...entry: unknown[]) => void logged.push(entry) });
  });
  afterEach(() => door.env.close());

  it('nothing is run for somebody of whom Slack says nothing, and they are told so', async () => {
    door.down.add('user');
    await door.command('enter shop');
    expect(door.messages).toEqual([]);
    expect(door.told).toEqual([{ to: 'U0RELEASE', text: expect.stringContaining('Nothing was run') }]);
    const message = 'A request error occurred: fetch failed';
    expect(logged).toContainEqual(['warn', 'Slack does not say who it is', { userId: 'U0RELEASE', message }]);
  });

  it('nothing is taken while requests cannot be checked, and no secret is in the answer', async () => {
    Object.assign(door.deps, { secrets: async () => Promise.reject(new Error('/slack/signing is missing')) });
    expect((await door.command('enter shop')).status).toBe(503);
    expect(logged).toEqual([['error', 'no secrets', { message: '/slack/signing is missing' }]]);
    expect(door.told).toEqual([]);
  });

  it('what Slack does not show anybody stands in the log', async () => {
    door.down.add('tell');
    await door.command('help');
    const message = 'A request error occurred: fetch failed';
    expect(logged).toContainEqual(['warn', 'not told', { channel: 'C0123456789', message }]);
  });

  it('help names each command as it is typed', async () => {
    await door.command('help');
    expect(door.told).toHaveLength(1);
    const lines = door.told[0]?.text.split('\n') ?? [];
    expect(lines.filter((line) => /^`\/drawbridge [^`–]+` – ./.test(line)).length).toBeGreaterThan(3);
  });
});
