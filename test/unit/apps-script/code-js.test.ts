import vm from 'node:vm';
import { transform } from 'esbuild';
import { builtScript, builtSelfTest } from './built-script.ts';

/** Both bundles: the script, and the self-test in a project of its own. What a trigger or a person calls in each. */
const BUNDLES = [
  {
    name: 'the script',
    build: builtScript,
    functions: ['checkHealth', 'connect', 'install', 'onControlEdit', 'onMinute', 'onRundownEdit'],
    editTrigger: 'onRundownEdit',
  },
  {
    name: 'the self-test',
    build: builtSelfTest,
    functions: ['onSelfTestEdit', 'onSelfTestTick', 'selfTest'],
    editTrigger: 'onSelfTestEdit',
  },
];

/** What a script sees in Apps Script: V8's own globals, and nothing of a browser or of Node. */
const bare = () => vm.createContext(Object.create(null));

describe.each(BUNDLES)('$name', ({ build, functions, editTrigger }) => {
  let code: string;
  beforeAll(async () => {
    code = await build();
  });

  it('loads in a bare context, and lets people and triggers call its functions and no others', () => {
    const context = bare();
    vm.runInContext(code, context);
    const callable = Object.keys(vm.runInContext('globalThis', context)).filter((name) =>
      vm.runInContext(`typeof globalThis[${JSON.stringify(name)}] === 'function'`, context),
    );
    expect(callable.sort()).toEqual(functions);
  });

  it('has its functions at the top level, where Apps Script looks for them', () => {
    const names = [...code.matchAll(/^function (\w+)\(/gm)].map(([, name]) => name);
    expect(names).toEqual(functions);
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

  it('called by hand, its edit trigger says that it is none of a person’s functions', () => {
    const context = bare();
    vm.runInContext(code, context);
    expect(() => vm.runInContext(`${editTrigger}()`, context)).toThrow(/not by hand/);
  });
});
