import { titleOf } from '../../../../config/names.ts';
import type { ServiceConfig } from '../../../../config/schema.ts';
import type { Sentences } from '../../../../config/sentences.ts';
import { longMinuteUtc } from '../../words/times.ts';

/** The two answers that the public gets, with `{{…}}` where the service and the plan go; and what the page says. */
export interface Pages {
  readonly html: string;
  readonly json: string;
  readonly sentences: Sentences;
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => HTML_ENTITIES[sign] as string);

/** What the pages tell about the plan. */
export interface Plan {
  readonly plannedEnd?: string;
  /** The header that goes with them: once it is another one, a page that is still shown is out of date. */
  readonly retryAfter: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type PageService = Pick<ServiceConfig, 'name' | 'title' | 'page'>;

/** The sentence that tells when the service is back: one for each state of the plan. */
function backOf({ plannedEnd, now }: Plan): 'planned' | 'noPlan' | 'overdue' {
  if (plannedEnd === undefined) return 'noPlan';
  return Date.parse(plannedEnd) > now ? 'planned' : 'overdue';
}

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values[name] ?? placeholder);

/** In JSON a plan is a time, and no plan is `null`: so the placeholder stands for its quotes too. */
const BACK_AT = '"{{backAt}}"';

/** @returns The page and the JSON answer as the public gets them. */
export function renderPages(pages: Pages, service: PageService, plan: Plan): Pick<Pages, 'html' | 'json'> {
  const { en } = pages.sentences;
  const title = titleOf(service);
  const back = backOf(plan);
  const plannedEnd = back === 'planned' ? (plan.plannedEnd ?? null) : null;
  const timeUtc = longMinuteUtc(plannedEnd ?? '');
  const time = `<time datetime="${escapeHtml(plannedEnd ?? '')}">${timeUtc}</time>`;
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  return {
    html: fill(pages.html, {
      title: escapeHtml(title),
      heading: escapeHtml(en.heading).replace('{title}', () => escapeHtml(title)),
      back: escapeHtml(en[back]).replace('{time}', time),
      later: escapeHtml(en.later),
      links: linksOf(service, en),
      data: dataOf(pages.sentences, service, plan),
    }).trim(),
    json: fill(pages.json.replaceAll(BACK_AT, JSON.stringify(plannedEnd)), {
      title: inJson(title),
      back: inJson(en[back].replace('{time}', timeUtc)),
    }).trim(),
  };
}

/** In English; `data-say` names what the script says instead. An e-mail address is the same in every language. */
function linksOf({ page: { statusUrl, contact } }: PageService, en: Sentences['en']): string {
  const link = (href: string, say: 'status' | 'contact') =>
    `<a href="${escapeHtml(href)}" data-say="${say}">${escapeHtml(en[say])}</a>`;
  const links = statusUrl === undefined ? [] : [link(statusUrl, 'status')];
  if (contact?.startsWith('https:')) links.push(link(contact, 'contact'));
  else if (contact !== undefined) links.push(`<a href="mailto:${escapeHtml(contact)}">${escapeHtml(contact)}</a>`);
  return links.join(' ');
}

/**
 * For the page's script: what this page says, in each language in the order of `names`, in English only what it does not say
 * already. `<` would end the element that it stands in.
 */
function dataOf(sentences: Sentences, service: PageService, plan: Plan): string {
  const { statusUrl, contact } = service.page;
  const said: Readonly<Record<string, Exclude<keyof Sentences['en'], 'later'>>> = {
    heading: 'heading',
    back: backOf(plan),
    retry: 'retry',
    ...(statusUrl === undefined ? {} : { status: 'status' }),
    ...(contact?.startsWith('https:') ? { contact: 'contact' } : {}),
  };
  const names = Object.keys(said);
  const inAll = Object.entries(sentences).map(([language, all]) => [
    language,
    Object.values(said).map((one) => (language === 'en' && one !== 'retry' ? '' : all[one])),
  ]);
  const data = { title: titleOf(service), retryAfter: plan.retryAfter, names, sentences: Object.fromEntries(inAll) };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
