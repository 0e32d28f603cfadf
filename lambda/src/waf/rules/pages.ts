import { type ServiceConfig, titleOf } from '../../../../config/schema.ts';
import { minuteUtc } from '../../words/times.ts';

/** The two answers that the public gets, with `{{…}}` where the service and the plan go. */
export interface Pages {
  readonly html: string;
  readonly json: string;
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
  /** Since when the service is closed. */
  readonly since?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** `03:00 UTC`, with the date when it is another day than the one on which the service closed. */
function clockTime(iso: string, since = ''): string {
  const time = minuteUtc(iso);
  return iso.slice(0, 10) === since.slice(0, 10) ? time : `${time} on ${iso.slice(0, 10)}`;
}

const isAhead = ({ plannedEnd, now }: Plan): boolean => plannedEnd !== undefined && Date.parse(plannedEnd) > now;

function whenBack(plan: Plan): string {
  const { plannedEnd, since } = plan;
  if (!plannedEnd) return 'We will be back shortly.';
  if (!isAhead(plan)) return 'It is taking longer than planned. We will be back as soon as we can.';
  return `We expect to be back at ${clockTime(new Date(plannedEnd).toISOString(), since)}.`;
}

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values[name] ?? placeholder);

/** In JSON a plan is a time, and no plan is `null`: so the placeholder stands for its quotes too. */
const BACK_AT = '"{{backAt}}"';

/** @returns The page and the JSON answer as the public gets them. */
export function renderPages(pages: Pages, service: Pick<ServiceConfig, 'name' | 'title'>, plan: Plan): Pages {
  const back = whenBack(plan);
  const title = titleOf(service);
  const backAt = JSON.stringify(isAhead(plan) ? plan.plannedEnd : null);
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  return {
    html: fill(pages.html, { title: escapeHtml(title), back: escapeHtml(back) }).trim(),
    json: fill(pages.json.replaceAll(BACK_AT, backAt), { title: inJson(title), back: inJson(back) }).trim(),
  };
}
