import { titleOf } from '../config/names.ts';
import type { EnvironmentConfig, ServiceConfig } from '../config/schema.ts';
import type { Pages } from '../lambda/src/waf/rules/pages.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { confirm, EXIT, type ExitCode, formatError, type Terminal, UsageError } from './command.ts';
import { type DirectRehearsalDependencies, rehearseDirect } from './direct-rehearsal.ts';
import {
  DIRECT_ACTIONS,
  type DirectAction,
  type DirectDependencies,
  type DirectResult,
  readDirect,
  writeDirect,
} from './direct-write.ts';
import { question, type RequestOptions, type Values } from './request-options.ts';

/** `--direct`, in words: what stands in the firewall, and what came of writing it. */

export interface DirectModeDependencies extends DirectDependencies, DirectRehearsalDependencies {
  readonly ruleGroups: DirectDependencies['ruleGroups'] & DirectRehearsalDependencies['ruleGroups'];
  callerIdentity(region: string): Promise<CallerIdentity>;
}

/** Where it is must be known: nobody else looks it up. */
export type DirectOptions = RequestOptions & { readonly service: ServiceConfig };

/** What the rule groups say of themselves, when there is no API to ask. */
export async function directStatus(
  deps: DirectDependencies,
  terminal: Terminal,
  { services }: EnvironmentConfig,
): Promise<ExitCode> {
  const unread: string[] = [];
  for (const service of services) {
    for (const result of await readDirect(deps, service)) {
      if (result.error) unread.push(`${titleOf(service)} (${result.target})`);
      terminal.out(`${titleOf(service)}, ${found(result)}`);
    }
  }
  terminal.note('This is what the rules say. Whether visitors meet them, nobody has looked.');
  if (unread.length === 0) return EXIT.done;
  terminal.note(`Not read, so not known: ${unread.join(', ')}.`);
  return EXIT.failed;
}

export async function runDirect(
  deps: DirectModeDependencies,
  terminal: Terminal,
  request: DirectOptions,
  { environment, pages }: { environment: EnvironmentConfig; pages: Pages },
): Promise<ExitCode> {
  const { service, values } = request;
  const action = directAction(request);
  const { arn: actor, skewMs } = await deps.callerIdentity(environment.region);
  const now = () => deps.now() + skewMs;
  const plannedEnd = plannedEndOf(request, now());
  const { retryAfterSeconds } = environment;
  if (values['dry-run']) {
    const {
      found: there,
      message,
      isFine,
    } = await rehearseDirect(deps, {
      ...{ service, action, plannedEnd, retryAfterSeconds, pages },
      at: now(),
    });
    for (const result of there) terminal.out(found(result));
    terminal.out(message);
    terminal.note(
      'This went past the API: nobody knows there whether somebody else holds the service. It is not audited.',
    );
    return isFine ? EXIT.done : EXIT.failed;
  }
  terminal.note('This goes past the API: no check whether somebody else holds the service, and no proof.');
  await confirm(terminal, question(request), service.name, values.yes);
  // When it is decided is now: the confirmation may have taken long.
  const results = await writeDirect(deps, { service, action, plannedEnd, retryAfterSeconds, pages, actor, at: now() });
  for (const result of results) terminal.out(wrote(result, action));
  return verdict(results, terminal, request, actor);
}

function directAction({ action, values }: RequestOptions): DirectAction {
  const known = DIRECT_ACTIONS.find((one) => one === action);
  if (!known) {
    throw new UsageError(`--direct knows ${DIRECT_ACTIONS.join(' and ')} only: letting testers in needs the API.`);
  }
  const strange = values['take-over'] ? '--take-over' : values.allow ? '--allow' : undefined;
  if (strange) throw new UsageError(`${strange} means nothing with --direct. Leave it out.`);
  return known;
}

/** The API would check it; here nobody else does. */
function plannedEndOf(
  { action, values }: { action: RequestOptions['action']; values: Values },
  now: number,
): string | undefined {
  const plannedEnd = values['planned-end'];
  if (plannedEnd === undefined) return undefined;
  if (action === 'exit') throw new UsageError('--planned-end means nothing with exit. Leave it out.');
  const at = Date.parse(plannedEnd);
  if (at > now) return new Date(at).toISOString();
  throw new UsageError(`--planned-end is ${plannedEnd}. It must be a time ahead, such as 2026-11-22T04:00:00Z.`);
}

const saying = ({ before }: DirectResult): string => (before ? `"${before}"` : 'nothing about itself');

function found(result: DirectResult): string {
  const { target, rules = 0, error } = result;
  if (error) return `✗ ${target}: ${formatError(error)}`;
  const what = rules === 0 ? 'no rules, so nothing is closed here' : `${rules} rules`;
  return `${target}: ${what}; the group says ${saying(result)}.`;
}

function wrote(result: DirectResult, action: DirectAction): string {
  const { target, acceptedAt, error } = result;
  if (error) return `✗ ${target}: not written. ${formatError(error)}`;
  const what = action === 'enter' ? 'the rules that close it' : 'the removal of the maintenance rules';
  return `✓ ${target}: the firewall accepted ${what} at ${acceptedAt}. Before, the group said ${saying(result)}.`;
}

function verdict(
  results: readonly DirectResult[],
  terminal: Terminal,
  { service }: RequestOptions,
  actor: string,
): ExitCode {
  const isWritten = results.every(({ error }) => !error);
  if (!isWritten) {
    terminal.note(`${titleOf(service)} is not all there: the targets marked ✗ are as they were. Run it again.`);
  }
  terminal.note(
    'Nothing is proven: look at the site yourself; it takes seconds to minutes everywhere. When Drawbridge is back, its ' +
      `reconciler adopts this as written by ${actor} and audits it. The reason is stored nowhere: note it down.`,
  );
  return isWritten ? EXIT.notProven : EXIT.failed;
}
