import type { ServiceConfig } from '../../../../../config/schema.ts';
import example from '../../../../../docs/examples/full.config.ts';
import { checkConfig as check } from '../../../../../lambda/src/waf/rules/check-config.ts';
import { type Pages, type Plan, renderPages } from '../../../../../lambda/src/waf/rules/pages.ts';
import { checkConfig } from '../../../../../local/check-example.ts';
import { readPages } from '../../../../../maintenance-page/read-pages.mjs';
import { environmentOf, NOW, type ServiceInput } from '../../../../builders.ts';

/** The committed page and JSON, as the build reads them and the public gets them. */

const RETRY_AFTER = 'Sun, 22 Nov 2026 03:00:00 GMT';
const PLANS: Readonly<Record<string, Plan>> = {
  planned: { retryAfter: RETRY_AFTER, now: NOW, plannedEnd: '2026-11-22T03:00:00.000Z' },
  'without a plan': { retryAfter: '600', now: NOW },
  overdue: { retryAfter: '600', now: NOW, plannedEnd: '2026-11-22T01:00:00.000Z' },
};
const LONGEST_URL = `https://status.example.com/${'a'.repeat(73)}`;
const LONGEST_MAIL = `${'a'.repeat(88)}@example.com`;

let read: Awaited<ReturnType<typeof readPages>>;
let pages: Pages;
beforeAll(async () => {
  read = await readPages();
  ({ pages } = checkConfig(read));
});

const serviceOf = (more: Partial<ServiceInput>) => environmentOf(more).services[0] as ServiceConfig;
const render = (more: Partial<ServiceInput>, plan = PLANS.planned as Plan) => renderPages(pages, serviceOf(more), plan);
const dataOf = (html: string) =>
  JSON.parse(/<script type=data>(.*?)<\/script>/s.exec(html)?.[1] ?? '') as {
    title: string;
    retryAfter: string;
    names: string[];
    sentences: Record<string, string[]>;
  };

describe.each(Object.entries(PLANS))('the page, %s', (_name, plan) => {
  it('has room for all languages, the longest links and a long title', () => {
    const title = 'Müller & Söhne – Ersatzteile für Landmaschinen und Traktoren';
    for (const contact of [LONGEST_URL, LONGEST_MAIL]) {
      const { html, json } = render({ title, page: { statusUrl: LONGEST_URL, contact } }, plan);
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(4_096);
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(4_096);
      expect(Object.keys(dataOf(html).sentences)).toEqual(['en', 'de', 'fr', 'es', 'ja']);
    }
  });

  it('leaves no placeholder to fill, and the JSON is JSON', () => {
    const { html, json } = render({}, plan);
    expect(html).not.toContain('{{');
    expect(JSON.parse(json)).toMatchObject({
      code: 'MAINTENANCE',
      backAt: plan === PLANS.planned ? plan.plannedEnd : null,
    });
  });

  it('says in every language what it says in English, and nothing of another state', () => {
    const { names, sentences } = dataOf(render({}, plan).html);
    expect(names).toEqual(['heading', 'back', 'retry']);
    const { en, ...others } = sentences;
    expect(en).toEqual(['', '', pages.sentences.en.retry]);
    for (const said of Object.values(others)) expect(said.map((one) => one !== '')).toEqual([true, true, true]);
  });
});

it('tells the planned end with its day, in UTC, for those who run no script', () => {
  const { html, json } = render({});
  expect(html).toContain('<time datetime="2026-11-22T03:00:00.000Z">Sun, 22 Nov 2026, 03:00 UTC</time>');
  expect(JSON.parse(json).message).toBe(
    'Shop is closed for maintenance. We expect to be back: Sun, 22 Nov 2026, 03:00 UTC',
  );
});

it('has no time where none is known, or it has passed', () => {
  expect(render({}, PLANS['without a plan']).html).not.toContain('<time');
  expect(render({}, PLANS.overdue).html).not.toContain('<time');
});

it('escapes what a config puts on it', () => {
  const title = `</script><b>"Shop" & $& 'Co'</b>`;
  const contact = `https://example.com/?a="><b>'&`;
  const { html, json } = render({ title, page: { statusUrl: 'https://example.com/"<i>', contact } });
  expect(html).not.toMatch(/<b>|<i>|"Shop"|\$<|&a=/);
  expect(html).toContain(
    '<title>&lt;/script&gt;&lt;b&gt;&quot;Shop&quot; &amp; $&amp; &#39;Co&#39;&lt;/b&gt; is closed',
  );
  expect(html).toContain('href="https://example.com/?a=&quot;&gt;&lt;b&gt;&#39;&amp;"');
  expect(dataOf(html).title).toBe(title);
  expect(JSON.parse(json).message).toContain(title);
});

it('links to the status page and to a contact only where the config names them', () => {
  expect(render({}).html).not.toContain('<a');
  const both = render({ page: { statusUrl: 'https://status.example.com/', contact: 'https://example.com/help' } });
  expect(both.html).toContain('<a href="https://status.example.com/" data-say="status">Service status</a>');
  expect(both.html).toContain('<a href="https://example.com/help" data-say="contact">Contact us</a>');
  const mail = render({ page: { contact: 'help@example.com' } });
  expect(mail.html).toContain('<a href="mailto:help@example.com">help@example.com</a>');
  expect(dataOf(mail.html).names).not.toContain('contact');
  // What the script says in their place, in each language.
  const { names, sentences } = dataOf(both.html);
  expect(names).toEqual(['heading', 'back', 'retry', 'status', 'contact']);
  const { status, contact } = pages.sentences.de as Record<string, string>;
  expect(sentences.de?.slice(-2)).toEqual([status, contact]);
  expect(both.html).toMatch(/<\/a> <a /);
});

it('asks nobody else for anything, and has the same script and style for every service and plan', () => {
  const inline = (html: string) => html.match(/<(script|style)>.*?<\/\1>/gs);
  const one = inline(render({}).html);
  expect(one).toHaveLength(2);
  expect(inline(render({ title: 'Payments', page: { contact: LONGEST_URL } }, PLANS.overdue).html)).toEqual(one);
  expect(read.html).not.toMatch(/(src|href)=|url\(|@import|https?:/);
});

describe('the build', () => {
  const build = (more: Partial<typeof read>) => () => check({ ...read, ...more }, example);
  const edited = (language: string, more: object) => {
    const all = read.sentences as Record<string, object>;
    return { ...all, [language]: { ...all[language], ...more } };
  };

  it('takes the committed pages', () => expect(build({})).not.toThrow());

  it.each([
    ['a sentence that is missing', () => edited('fr', { retry: undefined }), /sentences\.json.*fr\.retry/],
    ['one that does not say when', () => edited('de', { planned: 'Bald.' }), /de\.planned is "Bald\.".*\{time\} once/],
    ['one with a placeholder of nobody', () => edited('es', { overdue: '{when}' }), /es\.overdue.*without \{…\}/],
    ['one that has no name', () => edited('ja', { greeting: 'x' }), /ja\.greeting is not known/],
    ['no English', () => ({ de: (read.sentences as { de: object }).de }), /en is missing/],
    ['a language of no browser', () => edited('German', (read.sentences as { de: object }).de), /such as de or pt-BR/],
  ])('refuses %s', (_what, sentences, message) => {
    expect(build({ sentences: sentences() })).toThrow(message);
  });

  it('takes pages that have nothing to fill in', () => expect(build({ html: 'x', json: '{}' })).not.toThrow());

  it('refuses a page that is too large for one of the services', () => {
    expect(build({ html: 'x'.repeat(4_096) })).not.toThrow();
    expect(build({ html: 'x'.repeat(4_097) })).toThrow(/page\.html is 4097 bytes.*sentence or a language/);
    expect(build({ json: 'x'.repeat(4_097) })).toThrow(/api\.json is 4097 bytes.*1 bytes shorter\.$/);
  });

  it('refuses a placeholder that nothing fills in, and names those that there are', () => {
    expect(build({ html: '{{titel}}' })).toThrow(/page\.html has \{\{titel\}\}.*\{\{heading\}\}/);
    expect(build({ json: '"{{heading}}"' })).toThrow(/api\.json has \{\{heading\}\}.*\{\{backAt\}\}/);
  });
});
