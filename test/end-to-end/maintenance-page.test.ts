import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ServiceConfig } from '../../config/schema.ts';
import { renderRules } from '../../lambda/src/waf/rules/rules.ts';
import { type HttpAnswer, type Listening, serve } from '../../local/http-server.ts';
import { launchBrowser } from '../browser.ts';
import { environmentOf, type ServiceInput } from '../builders.ts';
import { committedPages } from '../committed-pages.ts';

/** The page that the public gets, in a real browser, answered as WAF answers: the rules' own body, status and headers. */

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const NOW = Date.parse('2026-11-22T01:00:00Z');
const SOON = '2026-11-22T03:00:00.000Z';
const PLANS = { planned: SOON, 'without a plan': undefined, overdue: '2026-11-22T00:30:00.000Z' };
const LINKS = { statusUrl: 'https://status.example.com/', contact: 'https://example.com/help' };
const LOCALES: readonly [string, string, RegExp][] = [
  ['en-GB', 'Shop is closed for maintenance', /^03:00 GMT$/],
  ['de-DE', 'Shop ist wegen Wartung geschlossen', /^04:00 MEZ$/],
  ['fr-FR', 'Shop est en maintenance', /^04:00 UTC\+1$/],
  ['es-ES', 'Shop está en mantenimiento', /^4:00 CET$/],
  ['ja-JP', 'Shopはメンテナンス中です', /^12:00 JST$/],
];
const ZONES: Readonly<Record<string, string>> = {
  'en-GB': 'Europe/London',
  'de-DE': 'Europe/Berlin',
  'fr-FR': 'Europe/Paris',
  'es-ES': 'Europe/Madrid',
  'ja-JP': 'Asia/Tokyo',
};

let pages: Awaited<ReturnType<typeof committedPages>>;
let browser: Browser;
let site: Listening;
let answer: HttpAnswer;
let asked: string[];

beforeAll(async () => {
  pages = await committedPages();
  browser = await launchBrowser();
  site = await serve(async ({ method }) => {
    asked.push(method ?? '');
    return answer;
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});
beforeEach(() => {
  asked = [];
});

/** What WAF answers while the service is closed. */
function closed(plannedEnd: string | undefined, service: Partial<ServiceInput> = {}, now = NOW): HttpAnswer {
  const { Rules, CustomResponseBodies } = renderRules({
    service: environmentOf(service).services[0] as ServiceConfig,
    target: { clientAddress: 'source-ip' },
    state: { mode: 'maintenance', revision: 7, plannedEnd, allowlist: [] },
    pages,
    retryAfterSeconds: 600,
    allowlistArns: [],
    now,
  });
  const response = Rules.at(-1)?.Action?.Block?.CustomResponse;
  const headers = Object.fromEntries((response?.ResponseHeaders ?? []).map(({ Name, Value }) => [Name, Value]));
  return {
    status: response?.ResponseCode ?? 0,
    headers: { ...headers, 'content-type': 'text/html' },
    body: CustomResponseBodies?.page?.Content ?? '',
  };
}
const opened: HttpAnswer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>The shop</h1>' };

/** In a browser of its own, whose clock stands. */
async function visit(options: BrowserContextOptions = {}, path = '/'): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York', ...options });
  const page = await context.newPage();
  await page.clock.install({ time: NOW });
  await page.goto(`${site.url}${path}`);
  return page;
}
const textOf = (page: Page, selector: string) => page.locator(selector).innerText();
/** The page asks over a real network, which does not wait for its clock. */
async function later(page: Page, minutes: number): Promise<void> {
  for (let half = 0; half < 2 * minutes; half += 1) {
    await page.clock.runFor(30_000);
    await sleep(50);
  }
}
const leave = (page: Page) => page.context().close();

it.each(LOCALES)('speaks %s to who asks for it, with the time of their zone', async (locale, heading, time) => {
  answer = closed(SOON, { page: LINKS });
  const page = await visit({ locale, timezoneId: ZONES[locale] ?? '' });
  expect([await textOf(page, 'h1'), await page.title()]).toEqual([heading, heading]);
  expect(await textOf(page, 'time')).toMatch(time);
  expect(await page.locator('time').getAttribute('datetime')).toBe(SOON);
  expect(await page.locator('html').getAttribute('lang')).toBe(locale);
  const sentences = pages.sentences[locale.slice(0, 2)];
  expect(await textOf(page, 'main')).toContain(sentences?.retry);
  expect(await page.getByRole('link').allInnerTexts()).toEqual([sentences?.status, sentences?.contact]);
  await leave(page);
});

it('takes the first language of the reader that it speaks, and English if it speaks none', async () => {
  answer = closed(SOON);
  for (const [languages, spoken] of [
    [['it-IT', 'de-AT', 'en'], 'de-AT'],
    [['it-IT'], 'en'],
  ] as const) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(`Object.defineProperty(navigator, 'languages', { value: ${JSON.stringify(languages)} })`);
    await page.goto(site.url);
    expect(await page.locator('html').getAttribute('lang')).toBe(spoken);
    await leave(page);
  }
});

it('names the day where it is another one for the reader', async () => {
  answer = closed(SOON);
  // 20:00 the evening before, where it opens at 22:00; and 12:00 in Tokyo, whose day is the same.
  const today = await visit();
  expect(await textOf(today, 'time')).toMatch(/10:00\sPM\sEST$/);
  answer = closed('2026-11-22T06:00:00.000Z');
  const tomorrow = await visit({ locale: 'de-DE', timezoneId: 'America/New_York' });
  expect(await textOf(tomorrow, 'time')).toBe('Sonntag, 22. November um 01:00 GMT-5');
  await leave(today);
  await leave(tomorrow);
});

it.each([
  ['without script', { javaScriptEnabled: false }, {}],
  ['where a site forbids what is inline', {}, { 'content-security-policy': "default-src 'self'" }],
])('is plain English in UTC %s, and promises nothing that only a script does', async (_case, options, headers) => {
  const sent = closed(SOON, { page: LINKS });
  answer = { ...sent, headers: { ...sent.headers, ...headers } };
  const page = await visit({ locale: 'de-DE', ...options });
  const text = await textOf(page, 'main');
  expect(text).toContain('Shop is closed for maintenance');
  expect(text.replace(/\s+/g, ' ')).toContain('We expect to be back: Sun, 22 Nov 2026, 03:00 UTC');
  expect(text).toContain('Please try again later.');
  expect(text).not.toContain('by itself');
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await leave(page);
});

it('runs where a site allows its own style and script by their hashes', async () => {
  const sent = closed(SOON);
  const sources = [...pages.html.matchAll(/<(style|script)>(.*?)<\/\1>/gs)].map(
    ([, element, inside = '']) => `${element}-src 'sha256-${createHash('sha256').update(inside).digest('base64')}'`,
  );
  const policy = ["default-src 'none'", "connect-src 'self'", ...sources].join('; ');
  answer = { ...sent, headers: { ...sent.headers, 'content-security-policy': policy } };
  const page = await visit({ locale: 'de-DE' });
  expect(await textOf(page, 'h1')).toBe('Shop ist wegen Wartung geschlossen');
  expect(await page.evaluate('getComputedStyle(document.body).textAlign')).toBe('center');
  answer = opened;
  await later(page, 1);
  await page.getByText('The shop').waitFor({ timeout: 10_000 });
  await leave(page);
});

describe.each(Object.entries(PLANS))('at 320 pixels with text twice as large, %s', (_name, plannedEnd) => {
  it.each([...LOCALES.map(([locale]) => locale), 'no script'])('%s needs no scrolling to the side', async (locale) => {
    const sent = closed(plannedEnd, { page: { ...LINKS, contact: 'customer.service.department@example.com' } });
    answer = { ...sent, body: String(sent.body).replace('</style>', 'html { font-size: 200% }</style>') };
    const script = locale === 'no script' ? { javaScriptEnabled: false } : { locale };
    const page = await visit({ viewport: { width: 320, height: 640 }, ...script });
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).toBe(320);
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")).toBe('56px');
    await leave(page);
  });
});

it.each(['light', 'dark'] as const)('has nothing that axe objects to, in %s', async (colorScheme) => {
  for (const plannedEnd of Object.values(PLANS)) {
    answer = closed(plannedEnd, { page: LINKS });
    const page = await visit({ colorScheme, locale: 'de-DE' });
    await page.addScriptTag({ path: AXE });
    const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
    expect(violations.map(({ id }) => id)).toEqual([]);
    await leave(page);
  }
});

describe('a page that is left open', () => {
  const shop = (page: Page) => page.getByText('The shop').waitFor({ timeout: 10_000 });

  it('opens the site by itself, and asks for it anew', async () => {
    answer = closed(SOON);
    const page = await visit({}, '/cart?item=7');
    await later(page, 5);
    expect(await textOf(page, 'h1')).toContain('closed');
    expect(asked.filter((method) => method === 'HEAD').length).toBeGreaterThan(1);
    answer = opened;
    await later(page, 8);
    await shop(page);
    expect(page.url()).toBe(`${site.url}/cart?item=7`);
    expect(asked.at(-1)).toBe('GET');
    await leave(page);
  });

  it('never sends a form twice', async () => {
    answer = closed(SOON);
    const page = await visit();
    await page.setContent(`<form method="post" action="${site.url}/pay"><button>Pay</button></form>`);
    await page.getByRole('button').click();
    await page.getByText('closed').waitFor();
    answer = opened;
    await page.clock.runFor(60_000);
    await shop(page);
    expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
    await leave(page);
  });

  it('keeps the place within the page that was asked for', async () => {
    answer = closed(SOON);
    const page = await visit({}, '/help#returns');
    answer = opened;
    await page.clock.runFor(60_000);
    await shop(page);
    expect(page.url()).toBe(`${site.url}/help#returns`);
    await leave(page);
  });

  it('stays while the site itself is down, and when the network is', async () => {
    answer = closed(SOON);
    const page = await visit();
    answer = { status: 502, headers: {}, body: 'Bad Gateway' };
    await later(page, 3);
    expect(asked.filter((method) => method === 'HEAD').length).toBeGreaterThan(0);
    await page.context().setOffline(true);
    await later(page, 5);
    await page.context().setOffline(false);
    expect(await textOf(page, 'h1')).toContain('closed');
    answer = opened;
    await later(page, 8);
    await shop(page);
    await leave(page);
  });

  it('goes on where the site sends its readers elsewhere', async () => {
    answer = closed(SOON);
    const page = await visit();
    const askedElsewhere: string[] = [];
    const elsewhere = await serve(async ({ method, url }) => {
      if (url === '/') askedElsewhere.push(method ?? '');
      return opened;
    });
    answer = { status: 302, headers: { location: elsewhere.url }, body: '' };
    await page.clock.runFor(60_000);
    await shop(page);
    expect(page.url()).toBe(`${elsewhere.url}/`);
    // A script may not read what another origin answers: following it would look like a broken network for ever.
    expect(askedElsewhere).toEqual(['GET']);
    await leave(page);
    await elsewhere.close();
  });

  it('shows when the planned end has moved, or has passed', async () => {
    answer = closed(SOON);
    const page = await visit({ locale: 'en-GB', timezoneId: 'Europe/London' });
    answer = closed('2026-11-22T04:30:00.000Z');
    await page.clock.runFor(60_000);
    await page.getByText('04:30 GMT').waitFor();
    answer = closed('2026-11-22T04:30:00.000Z', {}, NOW + 4 * 3_600_000);
    await page.clock.runFor(60_000);
    await page.getByText('longer than planned').waitFor();
    await leave(page);
  });

  it('asks ever less often, and no two readers at once', async () => {
    answer = closed(SOON);
    const times = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const page = await visit();
        const heads: number[] = [];
        await page.exposeFunction('noteTime', (ms: number) => void heads.push(ms - NOW));
        await page.evaluate('{ const own = fetch; fetch = (...given) => (noteTime(Date.now()), own(...given)) }');
        await later(page, 60);
        await leave(page);
        return heads;
      }),
    );
    for (const heads of times) {
      const waits = heads.map((at, index) => at - (heads[index - 1] ?? 0));
      expect(waits[0]).toBeGreaterThanOrEqual(15_000);
      expect(waits[0]).toBeLessThanOrEqual(45_000);
      expect(heads.length).toBeGreaterThan(8);
      expect(heads.length).toBeLessThan(40);
      for (const wait of waits.slice(8)) expect(wait).toBeGreaterThanOrEqual(150_000);
    }
    expect(new Set(times.map(([first]) => first)).size).toBe(times.length);
  });
});
