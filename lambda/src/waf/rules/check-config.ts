import type { Rule } from '@aws-sdk/client-wafv2';
import * as z from 'zod/mini';
import { isHostOf } from '../../../../config/hosts.ts';
import { isExempt } from '../../../../config/lets-through.ts';
import { targetName } from '../../../../config/names.ts';
import type { Config, ServiceConfig, TargetConfig } from '../../../../config/schema.ts';
import { sentencesSchema } from '../../../../config/sentences.ts';
import { explain } from '../../../../contract/parse.ts';
import { capacityOf } from './capacity.ts';
import { type Pages, type Plan, renderPages } from './pages.ts';
import { IP_SET_VERSIONS, type RuleInputs, renderRules } from './rules.ts';

/** As many WCU as every rule group is created with; it can never be changed. */
export const RULE_GROUP_CAPACITY = 250;
/** WAF's quota for one custom response body, in bytes. */
const MAX_BODY_BYTES = 4_096;
/** WAF's quota for custom headers in one rule group. @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const MAX_HEADERS = 100;

/** The committed config and the pages do not fit into WAF. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
}

/** Checks at build what WAF would refuse at night. @returns what the Lambdas read as config.json. */
export function checkConfig(read: ReadPages, config: Config): { config: Config; pages: Pages } {
  const pages = { ...read, sentences: checkSentences(read.sentences) };
  checkPlaceholders(pages);
  for (const { services, retryAfterSeconds } of Object.values(config.environments)) {
    for (const service of services) checkRules(service, pages, retryAfterSeconds);
  }
  return { config, pages };
}

/** As they are in maintenance-page/: what a person edits. */
export type ReadPages = Omit<Pages, 'sentences'> & { readonly sentences: unknown };

function checkSentences(input: unknown): Pages['sentences'] {
  const result = z.safeParse(sentencesSchema, input);
  if (result.success) return result.data;
  throw new RulesError(`maintenance-page/sentences.json: ${explain(result.error, input).message}`);
}

/** One that is misspelt would be shown to the public as it is. */
function checkPlaceholders({ html, json }: Pages): void {
  for (const [file, text, known] of [
    ['page.html', html, ['title', 'heading', 'back', 'later', 'links', 'data']],
    ['api.json', json, ['title', 'back', 'backAt']],
  ] as const) {
    const strange = text.match(/\{\{.*?\}\}/g)?.find((one) => !(known as readonly string[]).includes(one.slice(2, -2)));
    if (!strange) continue;
    const all = known.map((name) => `{{${name}}}`).join(', ');
    throw new RulesError(`maintenance-page/${file} has ${strange}, which nothing fills in. There are: ${all}.`);
  }
}

/** @throws RulesError - Names the service, the size and the remedy. */
export function checkRules(service: ServiceConfig, pages: Pages, retryAfterSeconds: number): void {
  checkPages(service, pages);
  for (const target of service.targets) {
    const rules = widestRules({ service, target, pages, retryAfterSeconds, allowlistArns: IP_SET_VERSIONS });
    const where = `drawbridge.config.ts: the rules of service "${service.name}" (${targetName(target)})`;
    const remedy = 'Name fewer apiOrigins or hosts, or fewer exemptPaths with a prefix.';
    const wcu = capacityOf(rules);
    if (wcu > RULE_GROUP_CAPACITY) {
      throw new RulesError(`${where} need ${wcu} WCU, and its rule group has ${RULE_GROUP_CAPACITY}. ${remedy}`);
    }
    const headers = rules.flatMap(({ Action }) => Action?.Block?.CustomResponse?.ResponseHeaders ?? []).length;
    if (headers > MAX_HEADERS) {
      throw new RulesError(`${where} need ${headers} headers in their answers. WAF takes ${MAX_HEADERS}. ${remedy}`);
    }
    checkProbedPaths(service, target);
    checkProbedHosts(service, target);
  }
}

/** The most that the rules can ever be, if these are both kinds of addresses: testers are let in. */
export const widestRules = (inputs: Omit<RuleInputs, 'state' | 'now'>): Rule[] =>
  renderRules({ ...inputs, state: { mode: 'maintenance-allowlist', revision: 1, allowlist: [] }, now: 0 }).Rules;

const SOME_PLAN = '2999-12-31T23:59:59.000Z';

/** In each of their wordings: without a plan, with one of another day, and overdue. */
function checkPages(service: ServiceConfig, pages: Pages): void {
  const retryAfter = new Date(SOME_PLAN).toUTCString();
  const plans: Plan[] = [
    { retryAfter, now: 0 },
    { retryAfter, now: 0, plannedEnd: SOME_PLAN },
    { retryAfter, now: Date.parse(SOME_PLAN), plannedEnd: SOME_PLAN },
  ];
  const rendered = plans.map((plan) => renderPages(pages, service, plan));
  for (const [file, of] of [
    ['page.html', 'html'],
    ['api.json', 'json'],
  ] as const) {
    const size = Math.max(...rendered.map((page) => Buffer.byteLength(page[of])));
    if (size > MAX_BODY_BYTES) throw new RulesError(tooLarge(file, size, service.name));
  }
}

/** A probe of an exempt path gets in for ever: the service would never be proven closed. */
function checkProbedPaths(service: ServiceConfig, { verification }: TargetConfig): void {
  if (verification === 'none') return;
  const open = verification.urls.find((url) => isExempt(service, new URL(url).pathname));
  if (!open) return;
  throw new RulesError(
    `drawbridge.config.ts: service "${service.name}" is probed at ${open}, which its exemptPaths keep open. ` +
      'Name a page in verification.urls that is closed during maintenance.',
  );
}

/** A probe of another host meets no rule of this service, and gets in for ever. */
function checkProbedHosts(service: ServiceConfig, { verification }: TargetConfig): void {
  if (verification === 'none') return;
  const open = verification.urls.find((url) => !isHostOf(service, new URL(url).hostname));
  if (!open) return;
  throw new RulesError(
    `drawbridge.config.ts: service "${service.name}" is probed at ${open}, which is none of its hosts: closing it leaves ` +
      `that open. Add ${new URL(open).hostname} to its hosts, or probe one of them.`,
  );
}

const tooLarge = (file: string, size: number, service: string): string => {
  const where =
    file === 'page.html' ? ': it, a sentence or a language of sentences.json, or that service’s title or links' : '';
  return (
    `maintenance-page/${file} is ${size} bytes for service "${service}". WAF takes ${MAX_BODY_BYTES} at most: ` +
    `make it ${size - MAX_BODY_BYTES} bytes shorter${where}.`
  );
};
