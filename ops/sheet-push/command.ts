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
import { type EnvironmentStatus, type ReleaseService, releaseOn, withoutArmedCounts } from './release-on.ts';

export interface SheetPushDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  /** Beside package.json; undefined if there is none of that name. */
  readProjectFile(name: string): Promise<string | undefined>;
  /** What the build made of it, by name. */
  readBuilt(name: typeof CODE | typeof MANIFEST): Promise<string>;
  /** From the stack's outputs. */
  hosts(at: Place): Promise<Hosts>;
  services(at: Place & { readonly apiUrl: string }): Promise<readonly ReleaseService[]>;
  readonly clasp: RunClasp;
}

export interface Place {
  readonly environment: string;
  readonly region: string;
  /** Undefined: whatever credentials the shell has. */
  readonly profile: string | undefined;
}

const HELP = `
Pushes the sheet's script to Google. Release sheets run it from that moment on: pushing is the release, and pushing an older
commit the rollback. Deploy the API first: it speaks with the script before it, too.

  npm run sheet:push -- dev|prod [options]

It reads .clasp.dev.json or .clasp.prod.json, fills in which hosts the script may talk to, shows what changes, and pushes
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

interface Target extends Place {
  readonly hosts: Hosts;
}

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
      const files = await filesFor(deps, targets);
      const notDuringRelease = () => checkRelease(deps, targets, terminal, why);

      return withClasp(deps.clasp, project.scriptId, async (clasp) => {
        await stageExactly(clasp, files, terminal);
        await notDuringRelease();
        const changes = changesOf(await clasp.deployed(), files);
        if (changes.lines.length === 0) return said(terminal, `${name} has exactly this already: nothing to push.`);
        for (const line of changes.lines) terminal.out(line);
        refuseSurprises(changes, values);
        if (values['dry-run']) return said(terminal, 'Nothing was pushed: --dry-run.');
        await confirm(terminal, `Release sheets run this from the push on.`, name, values.yes);
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

async function filesFor(deps: SheetPushDependencies, targets: readonly Target[]): Promise<Files> {
  const [code, built] = await Promise.all([deps.readBuilt(CODE), deps.readBuilt(MANIFEST)]);
  const manifest = forHosts(
    readManifest(built, 'The built'),
    targets.map(({ hosts }) => hosts),
  );
  return { [CODE]: code, [MANIFEST]: manifestText(manifest) };
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

/** @throws CommandError - A release is on, or an environment does not say; and nobody gave a reason to push all the same. */
async function checkRelease(
  deps: SheetPushDependencies,
  targets: readonly Target[],
  terminal: Terminal,
  why: string | undefined,
): Promise<void> {
  const asked = await Promise.all(targets.map((target) => askOne(deps, target)));
  const told = asked.filter((one): one is EnvironmentStatus => typeof one !== 'string');
  const hindrances = [...releaseOn(told), ...asked.filter((one): one is string => typeof one === 'string')];
  for (const environment of withoutArmedCounts(told)) {
    terminal.note(`${environment} does not say which steps are armed: look into the release sheets for Scheduled.`);
  }
  if (hindrances.length === 0) return;
  for (const line of hindrances) terminal.note(line);
  if (why === undefined) {
    throw new CommandError(
      'Nothing was pushed: a push replaces the script that a release runs on. Wait for its end; ' +
        'or, if the push is what fixes it: --anyway "<why>".',
    );
  }
  terminal.note(`Going on during a release: ${why}`);
}

/** @returns A line for a person if it could not be asked. */
async function askOne(deps: SheetPushDependencies, { hosts, ...place }: Target): Promise<EnvironmentStatus | string> {
  try {
    const apiUrl = hosts.apiUrl.replace(/\/$/, '');
    return { environment: place.environment, services: await deps.services({ ...place, apiUrl }) };
  } catch (error) {
    return `${place.environment}: it is not known whether a release is on. ${formatError(error)}`;
  }
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
  terminal.note(`Pushed to ${name} and read back. It may talk to ${environments} and to nobody else.`);
  if (changes.newScopes.length > 0) {
    terminal.note('Now, as the owner: open the script, run install(), and agree. Until then no trigger runs.');
  }
  terminal.note('Run checkHealth() in the script to see that all is right.');
  return EXIT.done;
}
