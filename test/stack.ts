import { signedHeaders } from '../lambda/src/invoke/sigv4.ts';
import { PLATFORM_FAULTS } from '../local/apps-script-runtime/fault-injection.ts';
import { RELEASE_MANAGER } from '../local/people.ts';
import { rowsOf, type SheetRow, stepOf } from '../local/sheet-rows.ts';
import { type Stack, type StackOptions, startStack } from '../local/stack.ts';

/** What `npm run build` made. Run it before the tests; `npm test` does. */
export const DIST = new URL('../dist/', import.meta.url);

/** WAF takes effect within a moment, old and new mixed. */
const SHORT_PROPAGATION = { minMs: 50, maxMs: 400 };

/** As many probes as ever must agree; they come faster. */
const USUAL = {
  dist: DIST,
  propagation: SHORT_PROPAGATION,
  faultInjection: PLATFORM_FAULTS,
  proof: { probesPerSecond: 500 },
} as const;

/** Events come late and twice, values are left out, caches forget: a test that wants a kind platform says so. */
export const startTestStack = (options: Partial<StackOptions> = {}): Promise<Stack> =>
  startStack({ ...USUAL, ...options });

/** The outermost door of a service. @throws Error - There is no such service. */
export function siteUrl(stack: Stack, service: string): string {
  const site = stack.sites.find((one) => one.service === service);
  if (!site) throw new Error(`there is no site of ${service}`);
  return site.url;
}

/** Types into one cell as that person, and waits until the script has come to rest. */
export async function type(
  stack: Stack,
  cell: string,
  value: unknown,
  user = RELEASE_MANAGER,
  how?: 'pasted',
): Promise<void> {
  const { executions } = stack.runtime.edit({
    ...(how ? { how } : {}),
    spreadsheetId: stack.releaseSheet,
    sheet: 'Rundown',
    range: cell,
    values: [[value]],
    user,
    // Whom Google does not name is still somebody who can write into the sheet.
    account: user || RELEASE_MANAGER,
  });
  await executions;
}

/** Sets Go as somebody who reads: where the row asks for a second Go, it gets one. */
export async function go(
  stack: Stack,
  service: string,
  actionTitle: string,
  user = RELEASE_MANAGER,
): Promise<SheetRow> {
  const step = stepOf(stack, service, actionTitle).value('Step');
  const row = () => rowsOf(stack, 'Rundown').find(({ value }) => value('Step') === step) as SheetRow;
  await type(stack, row().cell('Status'), 'Go', user);
  if (row().value('Result').includes('set Go again within')) await type(stack, row().cell('Status'), 'Go', user);
  return row();
}

/** As somebody who breaks the glass, or an auditor, asks. */
export async function signed(stack: Stack, path: string, environment = 'production'): Promise<Response> {
  const { url, region, credentials } = stack.breakGlass(environment);
  const at = new Date(stack.clock.now());
  const asked = new URL(`${url}${path}`);
  const request = { method: 'GET', url: asked, headers: { host: asked.host }, body: '' };
  const headers = await signedHeaders(request, { credentials, region, service: 'execute-api', at });
  return fetch(asked, { headers });
}

export async function api(stack: Stack, path: string, environment = 'production'): Promise<Response> {
  const authorization = `Bearer ${await stack.token(environment)}`;
  return fetch(`${stack.gateway.url}/${environment}${path}`, { headers: { authorization } });
}
