import type { ServiceConfig, TargetConfig } from '../../../../../config/schema.ts';
import { capacityOf } from '../../../../../lambda/src/waf/rules/capacity.ts';
import { checkRules } from '../../../../../lambda/src/waf/rules/check-config.ts';
import { type RuleInputs, renderRules } from '../../../../../lambda/src/waf/rules/rules.ts';
import { environmentOf, NOW, PAGES, type ServiceInput } from '../../../../builders.ts';

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
const UNPROBED: ServiceInput['targets'][number] = { scope: 'REGIONAL', region: 'eu-west-1', verification: 'none' };
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
    expect(names(render())).toEqual(['exempt-paths', 'api-clients', 'preflight-1', 'api-1', 'api', 'everything-else']);
    expect(names(render({ mode: 'maintenance-allowlist' }))[0]).toBe('allowlisted');
  });

  it('never allow: testers meet every other rule of the site', () => {
    const actions = render({ mode: 'maintenance-allowlist' }).Rules.flatMap(({ Action }) => Object.keys(Action ?? {}));
    expect(new Set(actions)).toEqual(new Set(['Count', 'Block']));
  });

  it('say in WAF’s log why somebody was let pass: allowlisted or exempt', () => {
    const labels = render({ mode: 'maintenance-allowlist' }).Rules.flatMap(({ RuleLabels = [] }) => RuleLabels);
    expect(labels).toEqual([
      { Name: 'drawbridge:allowlisted' },
      { Name: 'drawbridge:exempt' },
      { Name: 'drawbridge:api-client' },
    ]);
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

  it('count the planned end down in seconds for clients that read no date, in steps, and never too short', () => {
    const said = (secondsAhead: number) => {
      const plannedEnd = new Date(NOW + secondsAhead * 1_000).toISOString();
      return Number(headersOf(render({ plannedEnd }, { ...SERVICE, plannedEndAs: 'seconds' }), 'api')['Retry-After']);
    };
    expect([7_000, 3_601, 3_600, 3_599, 61, 1, 0].map(said)).toEqual([7_200, 5_400, 3_600, 3_600, 300, 300, 600]);
  });

  it('let browsers send the headers of sign-in, forgery marks, repeated calls and traces, or those of the config', () => {
    const allowed = (service: Partial<ServiceInput>) =>
      headersOf(render({}, { ...SERVICE, ...service }), 'preflight-1')['Access-Control-Allow-Headers'];
    const usual = ['Authorization', 'X-CSRF-Token', 'Idempotency-Key', 'traceparent', 'X-Request-ID', 'X-Grpc-Web'];
    expect(allowed({})?.split(',')).toEqual(expect.arrayContaining(usual));
    expect(allowed({ apiHeaders: ['X-Tenant', 'Authorization'] })).toBe('X-Tenant,Authorization');
  });

  it('send no header that is longer than WAF takes, and no more than ten with one answer', () => {
    const { Rules } = render({ plannedEnd: '2026-11-22T03:00:00Z' });
    const answers = Rules.flatMap(({ Action }) => Action?.Block?.CustomResponse?.ResponseHeaders ?? []);
    expect(Math.max(...answers.map(({ Value }) => Value?.length ?? 0))).toBeLessThanOrEqual(255);
    const counts = Rules.map(({ Action }) => Action?.Block?.CustomResponse?.ResponseHeaders?.length ?? 0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
  });

  it('are the same bytes for the same state, so that they can be compared with what is there', () => {
    expect(JSON.stringify(render({ mode: 'maintenance-allowlist' }))).toBe(
      JSON.stringify(render({ mode: 'maintenance-allowlist' })),
    );
  });

  it('tell the page which Retry-After goes with it, so that it sees when the plan has moved', () => {
    const content = render({ plannedEnd: '2026-11-22T03:00:00Z' }, SERVICE, { pages: { ...PAGES, html: '{{data}}' } });
    const { retryAfter } = JSON.parse(content.CustomResponseBodies?.page?.Content ?? '');
    expect(retryAfter).toBe(headersOf(content, 'everything-else')['Retry-After']);
  });

  it('leave requests for other hosts alone, where the service has hosts', () => {
    const rules = render({}, { ...SERVICE, hosts: ['shop.example.com'], targets: [UNPROBED] });
    expect(names(rules)[0]).toBe('other-hosts');
    expect(rules.Rules[0]?.RuleLabels).toEqual([{ Name: 'drawbridge:other-host' }]);
    expect(names(render())).not.toContain('other-hosts');
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

  it.each(['planned', 'noPlan', 'overdue'] as const)('measures the page also where it says %s', (said) => {
    const en = { ...PAGES.sentences.en, [said]: `${'x'.repeat(4_000)}${said === 'planned' ? '{time}' : ''}` };
    const html = (bytes: number) => `${'x'.repeat(bytes)}{{back}}`;
    const check = (bytes: number) => () =>
      checkRules(service(), { ...PAGES, html: html(bytes), sentences: { en } }, 600);
    expect(check(0)).not.toThrow();
    expect(check(97)).toThrow('page.html');
  });

  it('refuses more headers than WAF takes in a rule group', () => {
    const apiOrigins = Array.from({ length: 6 }, (_none, index) => `https://app-${index}.example.com`);
    expect(() => checkRules(service({ apiOrigins, exemptPaths: [] }), PAGES, 600)).toThrow(
      /headers.*fewer apiOrigins/s,
    );
  });

  it.each(['https://shop.example.com/health', 'https://shop.example.com/webhooks/ping'])(
    'refuses to probe %s, which an exempt path keeps open',
    (url) => {
      const target: ServiceInput['targets'][number] = {
        scope: 'REGIONAL',
        region: 'eu-west-1',
        verification: { urls: [url as string] },
      };
      expect(() => checkRules(service({ targets: [target] }), PAGES, 600)).toThrow('is probed at');
    },
  );

  it('counts what hosts cost, and says to name fewer', () => {
    const hosts = (count: number) =>
      Array.from({ length: count }, (_none, at) => `shop-${at}.${'a'.repeat(60)}.example.com`);
    const check = (count: number) => () =>
      checkRules(service({ hosts: hosts(count), targets: [UNPROBED] }), PAGES, 600);
    expect(check(10)).not.toThrow();
    expect(check(60)).toThrow(/WCU.*fewer apiOrigins or hosts/s);
  });

  it('refuses to probe a host that closing the service leaves open', () => {
    const hosts = ['www.shop.example.com'];
    expect(() => checkRules(service({ hosts }), PAGES, 600)).toThrow(
      /probed at https:\/\/shop\.example\.com\/, which is none of its hosts.*Add shop\.example\.com/s,
    );
    expect(() => checkRules(service({ hosts: [...hosts, 'shop.example.com'] }), PAGES, 600)).not.toThrow();
  });
});
