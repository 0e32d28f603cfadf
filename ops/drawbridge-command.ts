import { ACTIONS } from '../contract/modes.ts';
import { type BuiltConfig, environmentOf, serviceOf } from './built-config.ts';
import { type Command, EXIT, UsageError } from './command.ts';
import { connectTo, type OverTheApiDependencies, overTheApi } from './over-the-api.ts';
import { type PastTheApiDependencies, pastTheApi, statusPastTheApi } from './past-the-api.ts';
import { statusLines } from './status-lines.ts';
import { readWish, type Values } from './wish.ts';

export interface DrawbridgeDependencies extends OverTheApiDependencies, PastTheApiDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
}

const HELP = `
Breaks the glass: opens and closes services without the release sheet, as the AWS identity that you are signed in with.

  npm run drawbridge -- status --environment <name> [--direct]
  npm run drawbridge -- <action> <service> --environment <name> --reason <text>

Actions: ${ACTIONS.join(', ')}.

  --environment <name>   which deployment
  --reason <text>        why not from the sheet; it stands in the audit
  --planned-end <time>   when the public is told that it opens again, such as 2026-11-22T04:00:00Z
  --allow <address>      with enable-allowlist: besides the permanent ones; may be repeated
  --take-over            although another sheet holds the service; audited
  --direct               the API itself is down: reads and writes the firewall's rules from here (status, enter, exit)
  --dry-run              says what would happen
  --yes                  asks nothing
  --api-url <url>        instead of the one in the stack's outputs
  --help                 this text

Needs execute-api:Invoke on the break-glass routes (policy drawbridge-<environment>-break-glass) and, without --api-url,
cloudformation:DescribeStacks. --direct needs wafv2:ListRuleGroups, wafv2:GetRuleGroup and wafv2:UpdateRuleGroup.
Exit codes: 0 proven (or told), 1 refused or not possible, 2 not understood, 3 accepted and not proven.
`;

export function drawbridgeCommand(deps: DrawbridgeDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { values, positionals } = readWish(args);
      const [what, ...names] = positionals;
      if (!values.environment) throw new UsageError('Name the deployment: --environment <name>.');
      const { config, pages } = await deps.readBuiltConfig();
      const environment = environmentOf(config, values.environment);
      const connect = () => connectTo(deps, values, environment);
      if (what === 'status') {
        if (values.direct) return statusPastTheApi(deps, terminal, environment);
        const api = await connect();
        for (const line of statusLines(await api.services())) terminal.out(line);
        return EXIT.done;
      }
      const { action, name, reason } = understood(what, names, values);
      const wish = { action, reason, values, service: serviceOf(environment, name) };
      return values.direct
        ? pastTheApi(deps, terminal, wish, { environment, pages })
        : overTheApi(deps, terminal, wish, connect);
    },
  };
}

function understood(what: string | undefined, [name, ...rest]: string[], { reason }: Values) {
  const action = ACTIONS.find((one) => one === what);
  if (!action || !name || rest.length > 0) {
    throw new UsageError(`Say status, or ${ACTIONS.join(', ')} and one service.`);
  }
  if (!reason) throw new UsageError('Say why not from the sheet: --reason <text>. It stands in the audit.');
  return { action, name, reason };
}
