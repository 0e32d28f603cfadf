import { ACTIONS } from '../contract/modes.ts';
import { auditLines } from './audit-lines.ts';
import { type BuiltConfig, environmentOf, serviceOf } from './built-config.ts';
import { type Command, EXIT, type Terminal, UsageError } from './command.ts';
import { type DirectModeDependencies, directStatus, runDirect } from './direct-mode.ts';
import { disarm } from './disarm.ts';
import { lostService, lostServiceInFirewall } from './lost-service.ts';
import { pauseRepair } from './pause-repair.ts';
import { readRequestOptions, type Values } from './request-options.ts';
import { isSettled, serviceLines, statusLines } from './status-lines.ts';
import { connectTo, runViaApi, type ViaApiDependencies } from './via-api.ts';

export interface DrawbridgeDependencies extends ViaApiDependencies, DirectModeDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
}

const HELP = `
Breaks the glass: opens and closes services without the release sheet, as the AWS identity that you are signed in with.

  npm run drawbridge -- status --environment <name> [--direct]
  npm run drawbridge -- services --environment <name>
  npm run drawbridge -- audit --environment <name> [--since <time>]
  npm run drawbridge -- disarm --environment <name> --reason <text>
  npm run drawbridge -- pause-repair <service> --for <time> --environment <name> --reason <text>
  npm run drawbridge -- <action> <service> --environment <name> --reason <text>

Actions: ${ACTIONS.join(', ')}. disarm: no armed step of any release sheet runs any more.
pause-repair: what somebody changes in the firewall rules of a service is left alone, for four hours at most, or until somebody
sets it; --for 0 ends it.

  --environment <name>   which deployment
  --reason <text>        why not from the sheet; it stands in the audit
  --planned-end <time>   when the public is told that it opens again, such as 2026-11-22T04:00:00Z
  --allow <address>      with enable-allowlist: besides the permanent ones; may be repeated
  --since <time>         with audit: only what happened since then, such as 2026-11-22T00:00:00Z
  --for <time>           with pause-repair: such as 30m or 2h
  --take-over            although another sheet holds the service; audited
  --direct               the API itself is down: reads and writes the firewall's rules from here (status, enter, exit)
  --target <place>       with exit and --direct, of a service that is no longer in the config: where else to look for its
                         rule group, such as REGIONAL/eu-west-1; may be repeated
  --dry-run              a rehearsal: checks all that can be checked without writing, says what would happen, changes nothing
  --json                 for programs: what the API answers, as one line of JSON; not with --direct
  --yes                  asks nothing
  --api-url <url>        instead of the one in the stack's outputs
  --help                 this text

Needs execute-api:Invoke on these routes (policy drawbridge-<environment>-break-glass), a role or user that breakGlass of
drawbridge.config.ts names, and, without --api-url, cloudformation:DescribeStacks. --direct needs wafv2:ListRuleGroups, wafv2:GetRuleGroup and wafv2:UpdateRuleGroup.
Exit codes: 0 proven (or told; services: all as they should be), 1 refused or not possible (or would be), 2 not understood, 3 accepted and not
proven (services: one of them is in doubt, or under way).
`;

export function drawbridgeCommand(deps: DrawbridgeDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { values, positionals } = readRequestOptions(args);
      const [what, ...names] = positionals;
      if (!values.environment) throw new UsageError('Name the deployment: --environment <name>.');
      const { config, pages } = await deps.readBuiltConfig();
      const environment = environmentOf(config, values.environment);
      const connect = () => connectTo(deps, values, environment);
      if (values.json && values.direct) throw new UsageError('--json tells what the API answers: it needs the API.');
      if (what === 'status') {
        if (values.direct) return directStatus(deps, terminal, environment);
        const services = await (await connect()).services();
        if (values.json) return tellJson(terminal, services);
        for (const line of statusLines(services)) terminal.out(line);
        return EXIT.done;
      }
      if (what === 'services') {
        const services = await (await connect()).services();
        if (values.json) terminal.out(JSON.stringify(services));
        else for (const line of serviceLines(services, deps.now())) terminal.out(line);
        return services.every((one) => isSettled(one, deps.now())) ? EXIT.done : EXIT.notProven;
      }
      if (what === 'audit') {
        const answer = await (await connect()).audit(values.since);
        if (values.json) return tellJson(terminal, answer);
        const { entries, isCut } = answer;
        if (isCut) terminal.note('There is more before this: ask since a later time to see that all of it is here.');
        for (const line of auditLines(entries)) terminal.out(line);
        return EXIT.done;
      }
      if (what === 'disarm') {
        const about = { environment: values.environment, reason: reasonOf(values), yes: values.yes };
        await disarm(terminal, about, connect);
        return EXIT.done;
      }
      if (what === 'pause-repair') {
        const [name, ...rest] = names;
        if (!name || rest.length > 0) throw new UsageError('Name one service: pause-repair shop --for 30m.');
        await pauseRepair(terminal, { name, reason: reasonOf(values), values, environment }, connect);
        return EXIT.done;
      }
      const { action, name, reason } = understood(what, names, values);
      const request = { action, reason, values };
      // What the config has lost while it was closed can be opened all the same.
      const isLost = action === 'exit' && !environment.services.some((one) => one.name === name);
      if (values.target && !(isLost && values.direct)) {
        throw new UsageError(
          '--target means something only with exit and --direct, of a service that the config has lost.',
        );
      }
      if (values.direct) {
        const service = isLost
          ? await lostServiceInFirewall(deps, environment, name, values.target)
          : serviceOf(environment, name);
        return runDirect(deps, terminal, { ...request, service }, { environment, pages });
      }
      const service = isLost ? await lostService(await connect(), environment, name) : serviceOf(environment, name);
      return runViaApi(deps, terminal, { ...request, service }, connect);
    },
  };
}

function tellJson(terminal: Terminal, answer: unknown): typeof EXIT.done {
  terminal.out(JSON.stringify(answer));
  return EXIT.done;
}

function understood(what: string | undefined, [name, ...rest]: string[], values: Values) {
  const action = ACTIONS.find((one) => one === what);
  if (!action || !name || rest.length > 0) {
    throw new UsageError(
      `Say status, services, audit, disarm or pause-repair; or ${ACTIONS.join(', ')} and one service.`,
    );
  }
  return { action, name, reason: reasonOf(values) };
}

function reasonOf({ reason }: Values): string {
  if (reason) return reason;
  throw new UsageError('Say why not from the sheet: --reason <text>. It stands in the audit.');
}
