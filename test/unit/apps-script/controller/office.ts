import type { RuntimeOptions } from '../../../../local/apps-script-runtime/host.ts';
import { createClock } from '../../../../local/clock.ts';
import { googleDocs } from '../../../../local/google-docs.ts';
import type { OutsideRequest, OutsideResponse } from '../../../../local/outside-network.ts';
import { CONTROL_SHEET } from '../../../../release-sheet-template/control.ts';
import { NIGHT, OWNER, type RuntimeHouse, type Started } from '../../local/apps-script-runtime/start-runtime.ts';

/** The controller on the local runtime, connected and installed, with APIs that only know their services. */

export const ADMIN = 'release.manager@example.com';
export const OPERATOR = 'duty.manager@example.com';
export const OUTSIDER = 'intern@example.com';
export const urlOf = (id: string) => `https://docs.google.com/spreadsheets/d/${id}/edit`;

const RELEASES = CONTROL_SHEET[0]?.name as string;
const HEALTH = CONTROL_SHEET[1]?.name as string;

const access = (name: string) => ({
  apiUrl: `https://api.${name}.example.com`,
  tokenUrl: `https://auth.${name}.example.com/oauth2/token`,
  ...{ clientId: 'id', clientSecret: `secret-${name}` },
});
export const block = (more: object = {}): string =>
  JSON.stringify({
    ...{ controller: OWNER, admins: [ADMIN] },
    environments: { production: { ...access('production'), production: true }, staging: access('staging') },
    ...more,
  });

/** Connected and installed. */
export async function office(
  house: RuntimeHouse,
  code: string,
  { connect, ...more }: Partial<RuntimeOptions> & { connect?: string } = {},
) {
  const at = rooms(house, code, more);
  at.runtime.setScriptProperty('CONNECT', connect ?? block({ controller: more.owner ?? OWNER }));
  const connected = await at.runtime.run('connect');
  const installed = await at.runtime.run('install');
  return { ...at, control: controlOf(at.runtime), connected, installed };
}

/** Goes on from what that one has come to, beside it. */
export function officeFrom(house: RuntimeHouse, code: string, from: Awaited<ReturnType<typeof office>>) {
  const clock = createClock(from.clock.now());
  const at = rooms(house, code, { clock, from: from.runtime.kept() });
  return { ...at, control: from.control };
}

const controlOf = ({ spreadsheets }: Started['runtime']): string =>
  spreadsheets.list().find(({ name }) => name === 'Drawbridge control')?.id ?? '';

function rooms(house: RuntimeHouse, code: string, more: Partial<RuntimeOptions>) {
  const api = {
    /** Bodies of `POST …/sync`, by environment. */
    synced: [] as { environment: string; body: Record<string, unknown> }[],
    /** What the environments say for the banner. */
    banner: {} as object,
    fault: undefined as ((request: OutsideRequest) => OutsideResponse | 'no answer' | undefined) | undefined,
  };
  const docs = googleDocs((id) => runtime.spreadsheets.list().find((one) => one.id === id));
  const json = (body: unknown): OutsideResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) });
  async function network(request: OutsideRequest): Promise<OutsideResponse> {
    const { host, pathname } = new URL(request.url);
    if (host === 'docs.google.com') return docs(request);
    const fault = api.fault?.(request);
    if (fault === 'no answer') throw new Error('Address unavailable');
    if (fault) return fault;
    const environment = host.split('.')[1] as string;
    if (host.startsWith('auth.')) return json({ access_token: 'token', expires_in: 3600 });
    if (pathname === '/services') return json(servicesOf(environment));
    if (pathname.endsWith('/sync')) {
      api.synced.push({ environment, body: JSON.parse(request.body ?? '{}') });
      const now = clock.now();
      return json({
        ...{ protocol: 1, environment, production: environment === 'production', sequence: now, rows: [] },
        banner: {
          connectedUntil: new Date(now + 10 * 60_000).toISOString(),
          now: '',
          ...(environment === 'production' ? api.banner : {}),
        },
        again: { afterMs: 60_000 },
        tables: { version: 1 },
      });
    }
    return { status: 404, headers: {}, body: '{}' };
  }
  const { runtime, clock } = house.start(code, { clock: createClock(NIGHT), network, ...more });
  const book = (id: string) => runtime.spreadsheets.get(id);

  async function write(spreadsheetId: string, sheet: string, range: string, values: unknown[][], user = ADMIN) {
    await runtime.edit({ spreadsheetId, sheet, range, values, user, account: user || ADMIN, how: 'pasted' }).executions;
  }

  let next = 2;
  /** One row of Releases, set to Go by that person. @returns What the row says then. */
  async function work(release: string, action: string, url = '', user = ADMIN) {
    const row = next;
    next += 1;
    const control = controlOf(runtime);
    await write(control, RELEASES, `A${row}:C${row}`, [[release, action, url]]);
    await write(control, RELEASES, `D${row}`, [['Go']], user);
    const [, , address = '', status = '', result = ''] = book(control).displayValues(RELEASES)[row - 1] ?? [];
    return { status, result, id: /\/d\/([^/]+)/.exec(address)?.[1] ?? '' };
  }

  async function health() {
    const { error } = await runtime.run('checkHealth');
    if (error) throw new Error(error);
    const lines = book(controlOf(runtime)).displayValues(HEALTH).slice(1);
    return lines
      .filter(([, state]) => state === 'Fix')
      .map(([check = '', , found = '', remedy = '']) => ({ check, found, remedy }));
  }
  return { runtime, clock, api, book, write, work, health };
}

function servicesOf(environment: string) {
  const names =
    environment === 'production' ? { shop: 'Shop', payments: 'Payments' } : { 'shop-staging': 'Shop (staging)' };
  const proof = { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 };
  const services = Object.entries(names).map(([service, title]) => ({
    ...{ service, title, mode: 'normal', revision: 0, proof, targets: [], drift: [] },
    operators: [ADMIN, OPERATOR],
  }));
  return { environment, production: environment === 'production', services, groups: [] };
}
