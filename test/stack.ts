import { HOSTILE } from '../local/apps-script-runtime/hostility.ts';
import { RELEASE_MANAGER } from '../local/people.ts';
import { rowsOf, type SheetRow } from '../local/sheet-rows.ts';
import { type Stack, type StackOptions, startStack } from '../local/stack.ts';

/** What `npm run build` made. Run it before the tests; `npm test` does. */
export const DIST = new URL('../dist/', import.meta.url);

/** WAF takes effect within a moment, old and new mixed. */
const SHORT_PROPAGATION = { minMs: 50, maxMs: 400 };

/** Events come late and twice, values are left out, caches forget: a test that wants a kind platform says so. */
export const startTestStack = (options: Partial<StackOptions> = {}): Promise<Stack> =>
  startStack({ dist: DIST, propagation: SHORT_PROPAGATION, hostility: HOSTILE, ...options });

export function stepOf(stack: Stack, service: string, actionTitle: string): SheetRow {
  const found = rowsOf(stack, 'Rundown').find(
    ({ value }) => value('Service') === service && value('Action') === actionTitle,
  );
  if (!found) throw new Error(`the rundown has no step "${actionTitle}" for ${service}`);
  return found;
}

/** Types into one cell as that person, and waits until the script has come to rest. */
export async function type(stack: Stack, cell: string, value: unknown, user = RELEASE_MANAGER): Promise<void> {
  const { executions } = await stack.runtime.edit({
    spreadsheetId: stack.releaseSheet,
    sheet: 'Rundown',
    range: cell,
    values: [[value]],
    user,
  });
  await executions;
}

export async function go(
  stack: Stack,
  service: string,
  actionTitle: string,
  user = RELEASE_MANAGER,
): Promise<SheetRow> {
  const step = stepOf(stack, service, actionTitle).value('Step');
  await type(stack, stepOf(stack, service, actionTitle).cell('Status'), 'Go', user);
  return rowsOf(stack, 'Rundown').find(({ value }) => value('Step') === step) as SheetRow;
}

export async function api(stack: Stack, path: string, environment = 'production'): Promise<Response> {
  const authorization = `Bearer ${await stack.token(environment)}`;
  return fetch(`${stack.gateway.url}/${environment}${path}`, { headers: { authorization } });
}
