import type { EnvironmentConfig } from '../../config/schema.ts';
import { type BuiltConfig, environmentOf } from '../built-config.ts';
import {
  type Command,
  CommandError,
  confirm,
  EXIT,
  type ExitCode,
  formatError,
  readArgs,
  type Terminal,
  UsageError,
} from '../command.ts';
import { type Changes, CODE, changesOf, type Files, MANIFEST } from './changes.ts';
import { type CheckReleaseDependencies, checkRelease, type Place, type Target } from './check-release.ts';
import { type Clasp, type RunClasp, withClasp } from './clasp.ts';
import { forHosts, type Hosts, manifestText, readManifest } from './manifest.ts';
import {
  PROJECTS,
  type Project,
  type ProjectEnvironment,
  type ProjectName,
  projectFile,
  readProject,
} from './project.ts';

export interface SheetPushDependencies extends CheckReleaseDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  /** Beside package.json; undefined if there is none of that name. */
  readProjectFile(name: string): Promise<string | undefined>;
  /** What the build made of it, by name. */
  readBuilt(name: typeof CODE | typeof MANIFEST, project: ProjectName): Promise<string>;
  /** From the stack's outputs. */
  hosts(at: Place): Promise<Hosts>;
  readonly clasp: RunClasp;
}

const HELP = `
Pushes the sheet's script to Google. Release sheets run it from that moment on: pushing is the release, and pushing an older
commit the rollback. Deploy the API first: it speaks with the script before it, too.

  npm run sheet:push -- dev|prod [options]
  npm run sheet:push -- self-test [options]    the self-test, which no release sheet runs

It reads .clasp.<name>.json, fills in which hosts the script may talk to, shows what changes, and pushes
exactly Code.js and appsscript.json. It refuses
  - while one of its environments has a release on (a service that is not open, a change that is not proven, an armed
    step), or does not say
  - new permissions: after them nothing runs until the owner has agreed
  - to take away a function that a trigger may call

  --dry-run                say what would be pushed, and push nothing
  --reauthorise            with new permissions: the owner is there and agrees at once
  --untriggered <name>     no trigger calls this function any more; may be given again
  --anyway <why>           although a release is on
  --yes                    do not ask
  --help                   this text

Needs npx clasp login as an editor of the script; and for each environment the break-glass policy (to ask for its services)
and cloudformation:DescribeStacks (or apiUrl and tokenUrl in the .clasp file).
Exit codes: 0 pushed, or nothing to push, 1 refused or not possible, 2 not understood.
`;

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  reauthorise: { type: 'boolean', default: false },
  untriggered: { type: 'string', multiple: true, default: [] as string[] },
  anyway: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

export function sheetPushCommand(deps: SheetPushDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { values, positionals } = readArgs(args, OPTIONS);
      const name = projectNameOf(positionals);
      const why = values.anyway?.trim();
      if (why === '') throw new UsageError('--anyway needs a reason.');
      const project = await readProject(name, deps.readProjectFile);
      const { config } = await deps.readBuiltConfig();
      const targets = await Promise.all(
        Object.entries(project.environments).map(([environment, settings]) =>
          targetOf(deps, { environment, ...environmentOf(config, environment) }, settings),
        ),
      );
      const files = await filesFor(deps, name, targets);
      const notDuringRelease = () => checkRelease(deps, targets, terminal, why);

      return withClasp(deps.clasp, project.scriptId, async (clasp) => {
        await stageExactly(clasp, files, terminal);
        await notDuringRelease();
        const changes = changesOf(await clasp.deployed(), files);
        if (changes.lines.length === 0) return said(terminal, `${name} has exactly this already: nothing to push.`);
        for (const line of changes.lines) terminal.out(line);
        refuseSurprises(changes, values);
        if (values['dry-run']) return said(terminal, 'Nothing was pushed: --dry-run.');
        await confirm(terminal, `${RUNS_IT[name]} from the push on.`, name, values.yes);
        // Somebody may have begun meanwhile.
        if (!values.yes) await notDuringRelease();
        await clasp.push();
        return proven(clasp, files, terminal, { name, project, changes });
      });
    },
  };
}

function projectNameOf(positionals: readonly string[]): ProjectName {
  const [given, ...rest] = positionals;
  const name = PROJECTS.find((one) => one === given);
  if (!name || rest.length > 0) throw new UsageError(`Name one script project: ${PROJECTS.join(' or ')}.`);
  return name;
}

function said(terminal: Terminal, line: string): ExitCode {
  terminal.note(line);
  return EXIT.done;
}

async function targetOf(
  deps: SheetPushDependencies,
  { environment, region }: EnvironmentConfig & { readonly environment: string },
  { profile, apiUrl, tokenUrl }: ProjectEnvironment,
): Promise<Target> {
  const place = { environment, region, profile };
  if (apiUrl !== undefined && tokenUrl !== undefined) return { ...place, hosts: { apiUrl, tokenUrl } };
  const hosts = await deps.hosts(place).catch((error: unknown) => {
    throw new CommandError(
      `${environment}: ${formatError(error)} Or write its apiUrl and tokenUrl, as npm run connect prints them, into the .clasp file.`,
    );
  });
  return { ...place, hosts };
}

const RUNS_IT: Readonly<Record<ProjectName, string>> = {
  dev: 'Release sheets run this',
  prod: 'Release sheets run this',
  'self-test': 'A scratch sheet runs this',
};

async function filesFor(deps: SheetPushDependencies, name: ProjectName, targets: readonly Target[]): Promise<Files> {
  const [code, built] = await Promise.all([deps.readBuilt(CODE, name), deps.readBuilt(MANIFEST, name)]);
  const manifest = readManifest(built, 'The built');
  const hosts = targets.map((target) => target.hosts);
  // The self-test talks to nobody.
  return { [CODE]: code, [MANIFEST]: manifestText(targets.length === 0 ? manifest : forHosts(manifest, hosts)) };
}

async function stageExactly(clasp: Clasp, files: Files, terminal: Terminal): Promise<void> {
  const wanted = Object.keys(files).toSorted();
  const found = await clasp.stage(files);
  if (found.join() !== wanted.join()) {
    throw new CommandError(`clasp would push ${found.join(', ') || 'nothing'}. It must be ${wanted.join(', ')}.`);
  }
  for (const name of wanted)
    terminal.out(`${name}: ${Buffer.byteLength(files[name] ?? '').toLocaleString('en')} bytes`);
}

function refuseSurprises(
  { newScopes, lostHandlers }: Changes,
  { reauthorise, untriggered }: { readonly reauthorise: boolean; readonly untriggered: readonly string[] },
): void {
  const lost = lostHandlers.filter((name) => !untriggered.includes(name));
  if (lost.length > 0) {
    throw new CommandError(
      `Nothing was pushed: triggers may still call ${lost.join(', ')}, and every one of them would fail. Keep ` +
        'the name for one release; or delete its triggers (Triggers in the script editor) and say so: ' +
        lost.map((name) => `--untriggered ${name}`).join(' '),
    );
  }
  if (newScopes.length > 0 && !reauthorise) {
    throw new CommandError(
      `Nothing was pushed: the script would ask for ${newScopes.join(', ')}, and no trigger runs until its owner has ` +
        'agreed. With the owner at hand: --reauthorise',
    );
  }
}

interface Pushed {
  readonly name: ProjectName;
  readonly project: Project;
  readonly changes: Changes;
}

/** Read back: that clasp was content is not yet that Google has it. */
async function proven(clasp: Clasp, files: Files, terminal: Terminal, pushed: Pushed): Promise<ExitCode> {
  const { name, project, changes } = pushed;
  const left = changesOf(await clasp.deployed(), files).lines;
  if (left.length > 0) {
    for (const line of left) terminal.note(line);
    throw new CommandError(
      `${name} was pushed, and read back it still differs (above). Open the script ` +
        `(npx clasp --project $PWD/${projectFile(name)} open-script), delete what is too much, and push again.`,
    );
  }
  const environments = Object.keys(project.environments).join(', ');
  const talksTo = environments ? `${environments} and to nobody else` : 'nobody';
  terminal.note(`Pushed to ${name} and read back. It may talk to ${talksTo}.`);
  if (name === 'self-test') {
    terminal.note('Open the script and run selfTest(): it says what to do in its scratch sheet, and ends by itself.');
    return EXIT.done;
  }
  if (changes.newScopes.length > 0) {
    terminal.note('Now, as the owner: open the script, run install(), and agree. Until then no trigger runs.');
  }
  terminal.note('Run checkHealth() in the script to see that all is right.');
  return EXIT.done;
}
