import type { EnvironmentConfig } from '../../config/schema.ts';
import { type BuiltConfig, environmentOf } from '../built-config.ts';
import { type Command, EXIT, readArgs, UsageError } from '../command.ts';
import { lineOf } from './finding.ts';
import { type DoctorReaders, runChecks, runChecksBefore } from './run-checks.ts';

export interface DoctorDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  readers(environment: string, settings: EnvironmentConfig): DoctorReaders;
}

const HELP = `
Checks the deployed path of an environment hop by hop, and says what is broken and how to fix it. Changes nothing.

  npm run doctor -- <environment> [--before-deploy]

  --before-deploy   only what a deployment would replace: the web ACLs that load balancers of dedicated ones have already

✓ ok   ✗ broken → remedy   – not checked: these credentials may not read it

It asks the token endpoint for one token, and WAF at the pace that it grants: about a second for each web ACL.
  --help   this text

Exit codes: 0 nothing is broken (lines with – are not known), 1 something is, 2 not understood.
`;

export function doctorCommand(deps: DoctorDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { positionals, values } = readArgs(args, { 'before-deploy': { type: 'boolean' } });
      const [environment, ...rest] = positionals;
      if (!environment || rest.length > 0) throw new UsageError('Name one environment.');
      const { config } = await deps.readBuiltConfig();
      const settings = environmentOf(config, environment);
      const count = { ok: 0, broken: 0, unknown: 0 };
      const readers = deps.readers(environment, settings);
      const checks = values['before-deploy']
        ? runChecksBefore(readers, settings)
        : runChecks(readers, environment, config);
      for await (const told of checks) {
        if (typeof told === 'string') {
          terminal.out(told);
          continue;
        }
        count[told.state] += 1;
        terminal.out(`  ${lineOf(told)}`);
      }
      terminal.note(`${count.ok} ok, ${count.broken} broken, ${count.unknown} not checked.`);
      return count.broken > 0 ? EXIT.failed : EXIT.done;
    },
  };
}
