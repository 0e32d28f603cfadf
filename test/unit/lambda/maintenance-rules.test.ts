import type { ServiceConfig, TargetConfig } from '../../../contract/config.ts';
import { capacityOf } from '../../../lambda/src/capacity.ts';
import { checkRules } from '../../../lambda/src/check-config.ts';
import { type RuleInputs, renderRules } from '../../../lambda/src/maintenance-rules.ts';
import { environmentOf, NOW, PAGES, type ServiceInput } from '../../builders.ts';

const APP = 'https://app.example.com';
const SERVICE: Partial<ServiceInput> = {
  apiPrefixes: ['/api/'],
  apiOrigins: [APP],
  exemptPaths: ['/health', { prefix: '/webhooks/' }],
};

function render(
  state: Partial<RuleInputs['state']> = {},
  service: Partial<ServiceInput> = SERVICE,
  more: Partial<RuleInputs> = {},
) {
  const config = environmentOf(service).services[0] as ServiceConfig;
  return renderRules({
    service: config,
    target: config.targets[0] as TargetConfig,
    state: { mode: 'maintenance', revision: 7, allowlist: [], ...state },
    pages: PAGES,
    retryAfterSeconds: 600,
    allowlistArns: ['arn:ipv4', 'arn:ipv6'],
    now: NOW,
    ...more,
  });
}
const names = (content: ReturnType<typeof render>) => content.Rules.map(({ Name }) => Name);
const headersOf = (content: ReturnType<typeof render>, name: string) => {
  const response = content.Rules.find(({ Name }) => Name === name)?.Action?.Block?.CustomResponse;
  return Object.fromEntries((response?.ResponseHeaders ?? []).map(({ Name, Value }) => [Name, Value]));
};

describe('the rules', () => {
  it('are none at all while the service is open', () => {
    expect(render({ mode: 'normal' }).Rules).toEqual([]);
  });

  it('let testers in only in maintenance-allowlist', () => {
    expect(names(render())).toEqual(['exempt-paths', 'preflight-1', 'api-1', 'api', 'everything-else']);
    expect(names(render({ mode: 'maintenance-allowlist' }))[0]).toBe('allowlisted');
  });

  it('never allow: testers meet every other rule of the site', () => {
    const actions = render({ mode: 'maintenance-allowlist' }).Rules.flatMap(({ Action }) => Object.keys(Action ?? {}));
    expect(new Set(actions)).toEqual(new Set(['Count', 'Block']));
  });

  it('have priorities in their order, each once', () => {
    const { Rules } = render({ mode: 'maintenance-allowlist' });
    expect(Rules.map(({ Priority }) => Priority)).toEqual(Rules.map((_rule, index) => index));
  });

  it('carry revision and no-store on every answer', () => {
    for (const name of ['preflight-1', 'api-1', 'api', 'everything-else']) {
      expect(headersOf(render(), name)).toMatchObject({ 'x-maintenance-mode': 'r7', 'Cache-Control': 'no-store' });
    }
  });

  it('let an app of a configured origin read the answer', () => {
    expect(headersOf(render(), 'api-1')).toMatchObject({ 'Access-Control-Allow-Origin': APP });
    expect(headersOf(render(), 'preflight-1')).toMatchObject({ 'Access-Control-Allow-Origin': APP });
    expect(headersOf(render(), 'everything-else')).not.toHaveProperty('Access-Control-Allow-Origin');
  });

  it('tell when to come back: at the planned end, else in a while, and also once that is overdue', () => {
    const plannedEnd = '2026-11-22T03:00:00Z';
    expect(headersOf(render({ plannedEnd }), 'api')['Retry-After']).toBe('Sun, 22 Nov 2026 03:00:00 GMT');
    expect(headersOf(render(), 'api')['Retry-After']).toBe('600');
    const overdue = render({ plannedEnd }, SERVICE, { now: NOW + 7_200_000 });
    expect(headersOf(overdue, 'api')['Retry-After']).toBe('600');
    expect(overdue.CustomResponseBodies?.page?.Content).toContain('longer than planned');
  });

  it('show the planned end on the page, with the date only when it is another day', () => {
    const since = '2026-11-22T02:00:00Z';
    expect(render({ since, plannedEnd: '2026-11-22T03:00:00Z' }).CustomResponseBodies?.page?.Content).toContain(
      'at 03:00 UTC.',
    );
    expect(render({ since, plannedEnd: '2026-11-23T03:00:00Z' }).CustomResponseBodies?.page?.Content).toContain(
      '03:00 UTC on 2026-11-23',
    );
  });

  it('are the same bytes for the same state, so that they can be compared with what is there', () => {
    expect(JSON.stringify(render({ mode: 'maintenance-allowlist' }))).toBe(
      JSON.stringify(render({ mode: 'maintenance-allowlist' })),
    );
  });

  it('escape what a config puts on the page', () => {
    const { CustomResponseBodies } = render({}, { ...SERVICE, title: '<b>"Shop"</b>' });
    expect(CustomResponseBodies?.page?.Content).toContain('&lt;b&gt;');
    expect(() => JSON.parse(CustomResponseBodies?.api?.Content ?? '')).not.toThrow();
  });

  it('fit well into the capacity that the groups are created with', () => {
    expect(capacityOf(render({ mode: 'maintenance-allowlist' }).Rules)).toBeLessThan(200);
  });
});

describe('the check at build', () => {
  const service = (more: Partial<ServiceInput> = {}) =>
    environmentOf({ ...SERVICE, ...more }).services[0] as ServiceConfig;

  it('refuses a page over 4,096 bytes, and says how much shorter it must be', () => {
    const html = `${'é'.repeat(2_050)}`;
    expect(() => checkRules(service(), { ...PAGES, html }, 600)).toThrow(/page\.html is 4100 bytes.*4 bytes shorter/s);
  });

  it('refuses a config whose rules need more capacity than there is, and says what to leave out', () => {
    const exemptPaths = Array.from({ length: 12 }, (_none, index) => ({ prefix: `/hook-${index}/` }));
    expect(() => checkRules(service({ exemptPaths }), PAGES, 600)).toThrow(/WCU.*exemptPaths/s);
  });

  it('takes the committed config with the committed page', () => {
    expect(() => checkRules(service(), PAGES, 600)).not.toThrow();
  });
});
