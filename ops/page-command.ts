import { createHash } from 'node:crypto';
import type { EnvironmentConfig, ServiceConfig } from '../config/schema.ts';
import type { Pages } from '../lambda/src/waf/rules/pages.ts';
import { renderRules } from '../lambda/src/waf/rules/rules.ts';
import { type BuiltConfig, environmentOf, serviceOf } from './built-config.ts';
import { type Command, EXIT, readArgs, UsageError } from './command.ts';
import { galleryOf, type Preview } from './page-gallery.ts';

export interface PageDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  /** By name, in place of those of the last time. @returns Where. */
  writeFiles(files: ReadonlyMap<string, string>): Promise<string>;
  now(): number;
}

const MAX_BODY_BYTES = 4_096;

const HELP = `
Writes the maintenance page as the public gets it, in every language and state, into dist/page/, to be looked at in a
browser. Nothing is deployed and nobody is asked.

  npm run page [-- <environment> [<service>]]     the first service of the first environment, unless named

  --help   this text

Tells how many of WAF's ${MAX_BODY_BYTES} bytes each state takes, and the hashes by which a Content-Security-Policy may allow
the page's own style and script (docs/maintenance-page.md).
Exit codes: 0 written, 1 there is no such service, 2 not understood.
`;

export function pageCommand(deps: PageDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const [environmentName, serviceName, ...more] = readArgs(args, {}).positionals;
      if (more.length > 0) throw new UsageError(`There is one service too many: ${more.join(' ')}.`);
      const { config, pages } = await deps.readBuiltConfig();
      const environment = environmentOf(config, environmentName ?? (Object.keys(config.environments)[0] as string));
      const { services, retryAfterSeconds } = environment;
      const service = serviceName === undefined ? (services[0] as ServiceConfig) : serviceOf(environment, serviceName);
      const previews = previewsOf(service, { pages, retryAfterSeconds }, deps.now());
      const folder = await deps.writeFiles(galleryOf(service, Object.keys(pages.sentences), previews));
      for (const { state, links, html } of previews) {
        terminal.out(`${String(Buffer.byteLength(html)).padStart(5)} of ${MAX_BODY_BYTES} bytes: ${state}, ${links}`);
      }
      for (const [directive, source] of hashesOf(pages.html)) terminal.out(`${directive} '${source}'`);
      terminal.out(`Open ${folder}index.html in a browser.`);
      return EXIT.done;
    },
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where the service has no links, some that stand for them: how they look must be seen before they are decided. */
const EXAMPLE_LINKS = { statusUrl: 'https://status.example.com/', contact: 'help@example.com' };

type Settings = Pick<EnvironmentConfig, 'retryAfterSeconds'> & { readonly pages: Pages };

function previewsOf(service: ServiceConfig, { pages, retryAfterSeconds }: Settings, now: number): Preview[] {
  const states: readonly (readonly [string, number | undefined])[] = [
    ['planned end in an hour', now + HOUR_MS],
    ['planned end on another day', now + DAY_MS],
    ['no planned end', undefined],
    ['planned end overdue', now - HOUR_MS],
  ];
  const own = Object.keys(service.page).length > 0;
  const variants: readonly (readonly [string, ServiceConfig['page']])[] = [
    ['without links', {}],
    own ? ['with its links', service.page] : ['with example links', EXAMPLE_LINKS],
  ];
  return variants.flatMap(([links, page]) =>
    states.map(([state, end]) => ({ state, links, html: htmlOf({ ...service, page }, end) })),
  );

  function htmlOf(shown: ServiceConfig, end: number | undefined): string {
    const plannedEnd = end === undefined ? undefined : new Date(end).toISOString();
    const { CustomResponseBodies } = renderRules({
      service: shown,
      target: { clientAddress: 'source-ip' },
      state: { mode: 'maintenance', revision: 1, plannedEnd, allowlist: [] },
      pages,
      retryAfterSeconds,
      allowlistArns: [],
      now,
    });
    return CustomResponseBodies?.page?.Content ?? '';
  }
}

/** What stands inline is the same for every service and state. @see https://www.w3.org/TR/CSP3/#grammardef-hash-source */
const hashesOf = (html: string): string[][] =>
  [...html.matchAll(/<(style|script)>(.*?)<\/\1>/gs)].map(([, element = '', inside = '']) => [
    `${element}-src`,
    `sha256-${createHash('sha256').update(inside).digest('base64')}`,
  ]);
