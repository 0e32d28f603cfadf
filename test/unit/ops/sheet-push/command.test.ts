import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXIT, execute } from '../../../../ops/command.ts';
import type { Files } from '../../../../ops/sheet-push/changes.ts';
import { type SheetPushDependencies, sheetPushCommand } from '../../../../ops/sheet-push/command.ts';
import type { ReleaseService } from '../../../../ops/sheet-push/release-on.ts';
import { claspAt } from '../../../../ops/sheet-push/run-clasp.ts';
import { BUILT } from '../aws.ts';
import { fakeTerminal } from '../terminal.ts';
import { FakeClasp } from './fake-clasp.ts';

const SCRIPT_ID = '1abcdefghijklmnopqrstuvwxyz0123456789';
const SCOPES = ['https://www.googleapis.com/auth/spreadsheets', 'https://www.googleapis.com/auth/userinfo.email'];
const manifest = (oauthScopes: string[], urlFetchWhitelist: string[] = []): string =>
  JSON.stringify({ timeZone: 'Etc/UTC', oauthScopes, urlFetchWhitelist });
const HOSTS = ['https://api.example.com/', 'https://auth.example.com/', 'https://docs.google.com/spreadsheets/'];
const OLD_CODE = 'var drawbridge;\nfunction connect(event) {}\nfunction onMinute(event) {}\n';
const NEW_CODE =
  'var drawbridge;\nfunction connect(event) {}\nfunction onMinute(event) {}\nfunction selfTest(event) {}\n';

const SELF_TEST: Files = { 'Code.js': 'function selfTest(event) {}\n', 'appsscript.json': manifest([]) };

const SHOP: ReleaseService = {
  title: 'Shop',
  mode: 'normal',
  revision: 4,
  proof: { state: 'verified', probes: 5, agree: 5, disagree: 0, open: 0, unknown: 0 },
  targets: [{ target: 'REGIONAL/eu-west-1', state: 'accepted' }],
  armed: 0,
};

interface Fake extends SheetPushDependencies {
  files: Record<string, string>;
  built: Files;
  told: readonly ReleaseService[] | Error;
  asked: unknown[];
  stackError: Error | undefined;
}

let google: FakeClasp;
let fake: Fake;
beforeEach(() => {
  google = new FakeClasp({ 'Code.js': OLD_CODE, 'appsscript.json': manifest(SCOPES, HOSTS) });
  fake = {
    files: { '.clasp.prod.json': JSON.stringify({ scriptId: SCRIPT_ID, environments: { production: {} } }) },
    built: { 'Code.js': NEW_CODE, 'appsscript.json': manifest(SCOPES, ['https://api.local.example.com/']) },
    told: [SHOP],
    asked: [],
    stackError: undefined,
    readBuiltConfig: async () => BUILT,
    readProjectFile: async (name) => fake.files[name],
    readBuilt: async (name, project) => (project === 'self-test' ? SELF_TEST : fake.built)[name] as string,
    async hosts(place) {
      fake.asked.push(place);
      if (fake.stackError) throw fake.stackError;
      return { apiUrl: 'https://api.example.com', tokenUrl: 'https://auth.example.com/oauth2/token' };
    },
    async services(place) {
      fake.asked.push(place);
      if (fake.told instanceof Error) throw fake.told;
      return fake.told;
    },
    clasp: (args, folder) => google.run(args, folder),
  };
});

async function push(args: string[], types = 'prod') {
  const terminal = fakeTerminal(types);
  const code = await execute(sheetPushCommand(fake), args, terminal);
  return { code, ...terminal.lines, text: terminal.text() };
}
const isPushed = () => google.ran.includes('push');

it('pushes exactly Code.js and the manifest, shows them first, and says what changed', async () => {
  const { code, out, text } = await push(['prod']);
  expect(code).toBe(EXIT.done);
  expect(Object.keys(google.remote).sort()).toEqual(['Code.js', 'appsscript.json']);
  expect(google.remote['Code.js']).toBe(NEW_CODE);
  expect(out.slice(0, 2)).toEqual([
    expect.stringMatching(/^Code\.js: \d+ bytes$/),
    expect.stringMatching(/^appsscript/),
  ]);
  expect(text).toContain('Code.js changes: 71 bytes → 99 bytes.');
  expect(text).toContain('+ function selfTest');
  expect(google.scriptIds).toEqual(new Set([SCRIPT_ID]));
});

it('lets the script talk to the hosts of its environments, and to none of the local ones', async () => {
  await push(['prod']);
  expect(JSON.parse(google.remote['appsscript.json'] as string).urlFetchWhitelist).toEqual(HOSTS);
});

it('pushes nothing when Google has exactly this', async () => {
  await push(['prod']);
  google.ran.length = 0;
  const { code, text } = await push(['prod']);
  expect(code).toBe(EXIT.done);
  expect(text).toContain('nothing to push');
  expect(isPushed()).toBe(false);
});

it('shows everything and pushes nothing with --dry-run', async () => {
  const { code, text, asked } = await push(['prod', '--dry-run']);
  expect([code, isPushed(), asked]).toEqual([EXIT.done, false, []]);
  expect(text).toContain('+ function selfTest');
});

it('pushes nothing when the name is not typed, and asks nobody with --yes', async () => {
  expect((await push(['prod'], 'dev')).code).toBe(EXIT.failed);
  expect(isPushed()).toBe(false);
  expect((await push(['prod', '--yes'], '')).asked).toEqual([]);
  expect(isPushed()).toBe(true);
});

describe('without its project file', () => {
  it.each(['dev', 'prod', 'self-test'])('names the example to copy: %s', async (name) => {
    fake.files = {};
    const { code, text } = await push([name]);
    expect(code).toBe(EXIT.failed);
    expect(text).toContain(`.clasp.${name}.json.example`);
    expect(google.ran).toEqual([]);
  });

  it.each(['dev', 'prod', 'self-test'])(
    'and the example is there, with an id that must be filled in: %s',
    async (name) => {
      const example = await readFile(`.clasp.${name}.json.example`, 'utf8');
      fake.files = { [`.clasp.${name}.json`]: example };
      expect((await push([name])).text).toContain('scriptId');
      expect(google.ran).toEqual([]);
    },
  );

  it.each([
    ['no JSON', '{', 'prod.json'],
    [
      'a number of a project',
      JSON.stringify({ scriptId: '123456789012', environments: { production: {} } }),
      'scriptId',
    ],
    ['no environment', JSON.stringify({ scriptId: SCRIPT_ID, environments: {} }), 'at least one environment'],
    ['http', JSON.stringify({ scriptId: SCRIPT_ID, environments: { production: { apiUrl: 'http://x' } } }), 'https'],
    ['an unknown one', JSON.stringify({ scriptId: SCRIPT_ID, environments: { moon: {} } }), 'There are: production'],
  ])('or with a wrong one, says what is right: %s', async (_what, text, remedy) => {
    fake.files = { '.clasp.prod.json': text };
    expect((await push(['prod'])).text).toContain(remedy);
    expect(google.ran).toEqual([]);
  });
});

it.each([[[]], [['staging']], [['prod', 'dev']], [['prod', '--force']], [['prod', '--anyway', ' ']]])(
  'does not guess what %j means',
  async (args) => {
    expect((await push(args)).code).toBe(EXIT.usage);
    expect(google.ran).toEqual([]);
  },
);

it('pushes the self-test into a project of its own, whatever release is on, and lets it talk to nobody', async () => {
  fake.files = { '.clasp.self-test.json': JSON.stringify({ scriptId: SCRIPT_ID }) };
  fake.told = [{ ...SHOP, armed: 2 }];
  google.remote = {};
  const { code, text } = await push(['self-test'], 'self-test');
  expect(code).toBe(EXIT.done);
  expect(google.remote['Code.js']).toBe(SELF_TEST['Code.js']);
  expect(JSON.parse(google.remote['appsscript.json'] as string).urlFetchWhitelist).toEqual([]);
  expect(text).toContain('It may talk to nobody.');
  expect(text).toContain('run selfTest()');
  expect(fake.asked).toEqual([]);
});

describe('while a release is on', () => {
  const armed: ReleaseService = { ...SHOP, armed: 2 };
  const closed: ReleaseService = {
    ...SHOP,
    mode: 'maintenance',
    holder: { by: 'release.manager@example.com', step: '3' },
  };

  it.each([
    ['a step is armed', armed, '2 steps are armed'],
    ['a service is closed', closed, 'step 3 of release.manager@example.com'],
    ['a change is not proven', { ...SHOP, proof: { ...SHOP.proof, state: 'proving' as const } }, 'not proven yet'],
    [
      'a change is not accepted',
      { ...SHOP, targets: [{ target: 'REGIONAL/eu-west-1', state: 'pending' as const }] },
      'not proven yet',
    ],
  ])('refuses: %s', async (_what, service, said) => {
    fake.told = [service];
    const { code, text } = await push(['prod', '--yes']);
    expect(code).toBe(EXIT.failed);
    expect(text).toContain(`Shop (production)`);
    expect(text).toContain(said);
    expect(text).toContain('--anyway');
    expect(isPushed()).toBe(false);
  });

  it('refuses when an environment does not say', async () => {
    fake.told = new Error('no answer');
    const { code, text } = await push(['prod', '--yes']);
    expect([code, isPushed()]).toEqual([EXIT.failed, false]);
    expect(text).toContain('production: it is not known whether a release is on');
  });

  it('refuses when one began while the person was asked', async () => {
    const terminal = fakeTerminal('prod');
    const ask = async (question: string) => {
      fake.told = [closed];
      return terminal.ask(question);
    };
    expect(await execute(sheetPushCommand(fake), ['prod'], { ...terminal, ask })).toBe(EXIT.failed);
    expect(isPushed()).toBe(false);
  });

  it('pushes with a reason in writing, and says what it goes over', async () => {
    fake.told = [armed];
    const { code, text } = await push(['prod', '--anyway', 'fixes the abort']);
    expect([code, isPushed()]).toEqual([EXIT.done, true]);
    expect(text).toContain('2 steps are armed');
    expect(text).toContain('Going on during a release: fixes the abort');
  });
});

it('says that somebody must look where armed steps are not told', async () => {
  fake.told = [{ ...SHOP, armed: undefined }];
  expect((await push(['prod'])).text).toContain('production does not say which steps are armed');
  fake.told = [SHOP];
  expect((await push(['prod'])).text).not.toContain('does not say');
});

describe('new permissions', () => {
  beforeEach(() => {
    fake.built = { ...fake.built, 'appsscript.json': manifest([...SCOPES, 'https://www.googleapis.com/auth/drive']) };
  });

  it('are refused by name: no trigger would run until the owner agrees', async () => {
    const { code, text } = await push(['prod', '--yes']);
    expect([code, isPushed()]).toEqual([EXIT.failed, false]);
    expect(text).toContain('https://www.googleapis.com/auth/drive');
    expect(text).toContain('--reauthorise');
  });

  it('are pushed with --reauthorise, which says what the owner does next', async () => {
    const { code, text } = await push(['prod', '--reauthorise']);
    expect([code, isPushed()]).toEqual([EXIT.done, true]);
    expect(text).toContain('as the owner');
  });

  it('fewer permissions are no reason to refuse', async () => {
    fake.built = { ...fake.built, 'appsscript.json': manifest(SCOPES.slice(0, 1)) };
    const { code, text } = await push(['prod']);
    expect(code).toBe(EXIT.done);
    expect(text).toContain(`- may ${SCOPES[1]}`);
  });
});

describe('a function that goes', () => {
  it('is refused by name if a trigger may call it', async () => {
    fake.built = { ...fake.built, 'Code.js': NEW_CODE.replace('onMinute', 'onTick') };
    const { code, text } = await push(['prod', '--yes']);
    expect([code, isPushed()]).toEqual([EXIT.failed, false]);
    expect(text).toContain('may still call onMinute');
    expect((await push(['prod', '--untriggered', 'onMinute'])).code).toBe(EXIT.done);
    expect(isPushed()).toBe(true);
  });

  it('may go if only people call it', async () => {
    fake.built = { ...fake.built, 'Code.js': NEW_CODE.replace('connect', 'connectAll') };
    const { code, text } = await push(['prod']);
    expect(code).toBe(EXIT.done);
    expect(text).toContain('- function connect\n');
  });
});

it('says so when Google still holds something else afterwards', async () => {
  google.stuck = { 'Old.js': 'function onOld() {}' };
  const { code, text } = await push(['prod']);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('Old.js goes');
  expect(text).toContain('still differs');
});

it('shows a file that only Google has, in a folder or not, and takes it away', async () => {
  google.remote = { ...google.remote, 'lib/Old.js': 'function old() {}' };
  const { code, text } = await push(['prod']);
  expect(code).toBe(EXIT.done);
  expect(text).toContain('lib/Old.js goes');
  expect(google.remote).not.toHaveProperty(['lib/Old.js']);
});

it('pushes nothing when clasp would push another file as well', async () => {
  google.stray = 'notes.html';
  const { code, text } = await push(['prod', '--yes']);
  expect([code, isPushed()]).toEqual([EXIT.failed, false]);
  expect(text).toContain('notes.html');
});

it('says how to sign in when clasp is not', async () => {
  google.isSignedIn = false;
  const { code, text } = await push(['prod', '--yes']);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('No credentials found. Sign in as somebody who may edit the script: npx clasp login');
});

it('leaves none of its folders behind, also when it fails', async () => {
  await push(['prod']);
  await expect(access(google.folder)).rejects.toThrow('ENOENT');
  google.isSignedIn = false;
  await push(['prod']);
  await expect(access(google.folder)).rejects.toThrow('ENOENT');
});

it('asks each environment with its own profile, and no stack where the file tells the hosts', async () => {
  const production = {
    profile: 'night',
    apiUrl: 'https://api.example.com/',
    tokenUrl: 'https://auth.example.com/token',
  };
  fake.files = { '.clasp.prod.json': JSON.stringify({ scriptId: SCRIPT_ID, environments: { production } }) };
  expect((await push(['prod', '--yes'])).code).toBe(EXIT.done);
  const place = { environment: 'production', region: 'eu-west-1', profile: 'night' };
  expect(fake.asked).toEqual([{ ...place, apiUrl: 'https://api.example.com' }]);
});

it('names the way around a stack that may not be read', async () => {
  fake.stackError = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
  expect((await push(['prod'])).text).toContain('apiUrl and tokenUrl');
});

it('is understood by the real clasp, which would push the two files and nothing else', async () => {
  const real = claspAt(
    fileURLToPath(new URL('../../../../node_modules/@google/clasp/build/src/index.js', import.meta.url)),
  );
  fake = { ...fake, clasp: (args, folder) => (args.includes('show-file-status') ? real : google.run)(args, folder) };
  const { code, text } = await push(['prod', '--yes']);
  expect([code, text]).toEqual([EXIT.done, expect.stringContaining('read back')]);
});
