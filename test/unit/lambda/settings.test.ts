import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, readSignInSettings } from '../../../lambda/src/settings.ts';
import { environmentOf, PAGES } from '../../builders.ts';

let folder: string;
const before = { ...process.env };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-'));
  const config = { environments: { production: environmentOf() } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ config, pages: PAGES }));
});
beforeEach(() => {
  Object.assign(process.env, {
    ENVIRONMENT: 'production',
    CONFIG_FILE: join(folder, 'config.json'),
    TABLE_NAME: 'drawbridge',
    AWS_REGION: 'eu-west-1',
    USER_POOL_ID: 'eu-west-1_Production',
    CLIENT_ID: 'our-client',
    JWKS_URI: 'https://keys.example.com/jwks.json',
  });
});
afterAll(async () => {
  process.env = before;
  await rm(folder, { recursive: true });
});

it('reads the settings of this environment, and of no other', () => {
  expect(readSettings()).toMatchObject({ environment: 'production', tableName: 'drawbridge', pages: PAGES });
  process.env.ENVIRONMENT = 'staging';
  expect(readSettings).toThrow('ENVIRONMENT is "staging". It must be one of production.');
});

it('names the variable that is missing', () => {
  delete process.env.TABLE_NAME;
  expect(readSettings).toThrow('TABLE_NAME');
});

it.each([
  'http://keys.example.com/jwks.json',
  'http://127.0.0.1.example.com/jwks.json',
  'http://127.0.0.1@example.com/',
])('takes no keys that somebody on the way could exchange: %s', (uri) => {
  process.env.JWKS_URI = uri;
  expect(readSignInSettings).toThrow('JWKS_URI');
});

it('takes keys over http from its own machine', () => {
  process.env.JWKS_URI = 'http://127.0.0.1:4701/jwks.json';
  expect(readSignInSettings().jwksUri).toBe('http://127.0.0.1:4701/jwks.json');
});
