/**
 * `npm run build`: everything that is deployed, and what `npm start` runs.
 *
 *   dist/lambda/        the handlers (ESM) and config.json: the Lambda asset, byte for byte what runs locally
 *   dist/apps-script/   Code.js, byte for byte what clasp pushes and what runs locally, and appsscript.json with the local
 *                       hosts; `npm run sheet:push` fills in the deployed ones
 *   dist/apps-script-self-test/  the same for the self-test, a project of its own that is pushed now and then
 *   dist/local/         the local stack around them, with the example as its config.json
 *   dist/cdk/           the CDK app, which `cdk synth` runs
 *   dist/ops/           the commands; `node build.mjs ops` makes them and config.json alone, and leaves the rest be;
 *                       `node build.mjs sheet` makes dist/apps-script as well
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { readPages } from './maintenance-page/read-pages.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** CommonJS packages inside an ESM bundle still call `require` for Node's own modules. */
const requireForEsm = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const quiet = { bundle: true, logLevel: 'warning', absWorkingDir: at('.') };

/** Types are erased and the config is run, which checks it. @returns what the Lambdas read as config.json. */
async function checkedConfig(entryPoint, outfile) {
  await build({
    ...quiet,
    entryPoints: [entryPoint],
    outfile,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  const { checkConfig } = await import(pathToFileURL(outfile).href);
  return checkConfig(await readPages());
}

/** What is allowed and may not be meant. */
async function printNotes(config) {
  const outfile = at('dist/tmp/notes.mjs');
  await build({
    ...quiet,
    entryPoints: ['config/notes.ts'],
    outfile,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  const { notesOn } = await import(pathToFileURL(outfile).href);
  for (const note of notesOn(config)) console.warn(`drawbridge.config.ts: ${note}`);
}

async function buildConfig() {
  const checked = await checkedConfig('cdk/check-committed.ts', at('dist/tmp/check-config.mjs'));
  await writeConfig('dist/lambda', checked);
  await printNotes(checked.config);
}

async function buildExampleConfig() {
  await writeConfig('dist/local', await checkedConfig('local/check-example.ts', at('dist/tmp/check-example.mjs')));
}

async function writeConfig(folder, config) {
  await mkdir(at(folder), { recursive: true });
  await writeFile(at(`${folder}/config.json`), `${JSON.stringify(config, null, 2)}\n`);
}

/** The SDK's clients read their version from their package.json, and bring all of it along. */
const versionsAlone = {
  name: 'versions-alone',
  setup(building) {
    building.onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

async function buildLambda() {
  const { metafile } = await build({
    ...quiet,
    metafile: true,
    entryPoints: ['api', 'reconcile', 'schedule', 'slack', 'chat'].map((name) => `lambda/src/${name}-handler.ts`),
    outdir: 'dist/lambda',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    alias: {
      '@aws-sdk/credential-provider-node': at('lambda/environment-credentials.ts'),
      '@smithy/core/event-streams': at('lambda/no-event-streams.ts'),
    },
    plugins: [versionsAlone],
    banner: { js: requireForEsm },
  });
  // What each is made of, for `npm run bench -- lambda`.
  await mkdir(at('dist/local'), { recursive: true });
  await writeFile(at('dist/local/lambda-metafile.json'), JSON.stringify(metafile));
}

/**
 * Apps Script sees only top-level functions, and everybody who can run the script sees all of them:
 * so the bundle is closed, and exactly what entry.ts exports is forwarded.
 */
async function bundleScript(folder, manifest, outdir) {
  const entry = { ...quiet, entryPoints: [`${folder}/entry.ts`], target: 'es2020' };
  const probe = await build({ ...entry, format: 'esm', write: false, outfile: 'entry.js', metafile: true });
  const names = Object.values(probe.metafile.outputs)[0].exports.slice().sort();
  const forwards = names.map((name) => `function ${name}(event) { return drawbridge.${name}(event); }`).join('\n');
  await build({
    ...entry,
    format: 'iife',
    globalName: 'drawbridge',
    outfile: `${outdir}/Code.js`,
    footer: { js: forwards },
  });
  await cp(at(manifest), `${outdir}/appsscript.json`);
}

export const buildAppsScript = (outdir = at('dist/apps-script')) =>
  bundleScript('apps-script/src', 'apps-script/appsscript.json', outdir);

export const buildSelfTest = (outdir = at('dist/apps-script-self-test')) =>
  bundleScript('apps-script/self-test', 'apps-script/self-test/appsscript.json', outdir);

async function buildLocal() {
  await build({
    ...quiet,
    entryPoints: {
      start: 'local/start.ts',
      demo: 'local/demo.ts',
      template: 'release-sheet-template/write.ts',
      bench: 'bench/run.ts',
      costs: 'bench/costs/print-costs.ts',
      ceilings: 'bench/ceilings.ts',
      'apps-script-worker': 'local/apps-script-runtime/worker.ts',
      'lambda-worker': 'local/lambda-runtime/worker.ts',
    },
    outdir: 'dist/local',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  await build({
    ...quiet,
    entryPoints: {
      main: 'local/page/browser/main.ts',
      slack: 'local/page/browser/slack.ts',
      univer: 'local/page/browser/univer.css',
    },
    outdir: 'dist/local/page',
    format: 'esm',
    target: 'es2022',
    // Univer is large: the page is there before it.
    splitting: true,
    minify: true,
  });
  for (const name of ['index.html', 'style.css', 'slack.html', 'slack.css']) {
    await cp(at(`local/page/browser/${name}`), at(`dist/local/page/${name}`));
  }
}

function buildCdk() {
  return build({
    ...quiet,
    entryPoints: ['cdk/app.ts'],
    outdir: 'dist/cdk',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
}

async function buildOps() {
  const commands = [
    'connect',
    'rotate-secret',
    'doctor',
    'capacity',
    'drawbridge',
    'sheet-push',
    'slack-manifest',
    'slack-secrets',
    'page',
    'release',
  ];
  await build({
    ...quiet,
    entryPoints: commands.map((command) => `ops/${command}.ts`),
    outdir: 'dist/ops',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
}

async function buildAll() {
  await rm(at('dist'), { recursive: true, force: true });
  await mkdir(at('dist/tmp'), { recursive: true });
  await Promise.all([
    buildConfig(),
    buildExampleConfig(),
    buildLambda(),
    buildAppsScript(),
    buildSelfTest(),
    buildLocal(),
    buildCdk(),
    buildOps(),
  ]);
}

if (process.argv[1] === at('build.mjs')) {
  try {
    const parts = {
      ops: [buildConfig, buildOps],
      sheet: [buildConfig, buildOps, buildAppsScript, buildSelfTest],
    };
    const chosen = parts[process.argv[2]];
    await (chosen ? Promise.all(chosen.map((part) => part())) : buildAll());
    await rm(at('dist/tmp'), { recursive: true, force: true });
  } catch (error) {
    // esbuild has printed its own errors; a config error is one line with its remedy.
    console.error(error?.name === 'ConfigError' || error?.name === 'RulesError' ? error.message : error);
    process.exitCode = 1;
  }
}
