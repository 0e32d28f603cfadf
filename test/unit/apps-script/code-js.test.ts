import vm from 'node:vm';
import { transform } from 'esbuild';
import { builtCode } from './night.ts';

let code: string;
beforeAll(async () => {
  code = await builtCode();
});

/** What a script sees in Apps Script: V8's own globals, and nothing of a browser or of Node. */
const bare = () => vm.createContext(Object.create(null));

/** What a trigger or a person calls. */
const FUNCTIONS = [
  'checkHealth',
  'connect',
  'install',
  'onControlEdit',
  'onMinute',
  'onRundownEdit',
  'onSelfTestEdit',
  'onSelfTestTick',
  'selfTest',
];

it('loads in a bare context, and lets people and triggers call its functions and no others', () => {
  const context = bare();
  vm.runInContext(code, context);
  const callable = Object.keys(vm.runInContext('globalThis', context)).filter((name) =>
    vm.runInContext(`typeof globalThis[${JSON.stringify(name)}] === 'function'`, context),
  );
  expect(callable.sort()).toEqual(FUNCTIONS);
});

it('has its functions at the top level, where Apps Script looks for them', () => {
  const names = [...code.matchAll(/^function (\w+)\(/gm)].map(([, name]) => name);
  expect(names).toEqual(FUNCTIONS);
});

it('parses as ES2020: nothing is left to lower', async () => {
  // esbuild refuses to lower nothing, so what comes out equal was ES2020 already.
  const options = { minifyWhitespace: true, loader: 'js', legalComments: 'none' } as const;
  const asIs = await transform(code, { ...options, target: 'esnext' });
  const lowered = await transform(code, { ...options, target: 'es2020' });
  expect(lowered.code).toBe(asIs.code);
});

it('names nothing that Apps Script lacks', () => {
  const missing = ['fetch', 'setTimeout', 'process', 'require', 'crypto', 'structuredClone', 'queueMicrotask'];
  const used = missing.filter((name) => new RegExp(`(?<![.\\w'"-])${name}\\(`).test(code));
  expect(used).toEqual([]);
});

it('called by hand, the edit trigger says that it is none of a person’s functions', () => {
  const context = bare();
  vm.runInContext(code, context);
  expect(() => vm.runInContext('onRundownEdit()', context)).toThrow(/not by hand/);
});
