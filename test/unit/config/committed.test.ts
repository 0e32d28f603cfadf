import { committedConfig } from '../../../config/committed.ts';
import minimal from '../../../docs/examples/minimal.config.ts';

const ONE_LINE = /^drawbridge\.config\.ts[^\n]*docs\/examples\/minimal\.config\.ts\.?$/;

it.each([
  ['is empty', {}],
  ['exports something else', { config: minimal }],
  ['exports nothing by default', { default: undefined }],
  ['exports a text', { default: 'production' }],
])('says in one line what a file must have that %s', (_what, file) => {
  expect(() => committedConfig(file)).toThrow(ONE_LINE);
});

it('checks what was not given to defineConfig', () => {
  expect(() => committedConfig({ default: {} })).toThrow(/^drawbridge\.config\.ts: .*environments/);
  expect(() => committedConfig({ default: { environments: {} } })).toThrow(ONE_LINE);
  expect(committedConfig({ default: minimal })).toEqual(minimal);
});
