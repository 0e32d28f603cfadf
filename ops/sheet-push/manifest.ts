import * as z from 'zod/mini';
import { CommandError } from '../command.ts';

/** appsscript.json: what the script may do, and whom it may talk to. */

const schema = z.looseObject({
  /** Left out in a project that nobody has pushed to: then Google guesses from the code. */
  oauthScopes: z._default(z.array(z.string()), []),
  urlFetchWhitelist: z._default(z.array(z.string()), []),
});
export type Manifest = z.output<typeof schema>;

/** @throws CommandError */
export function readManifest(text: string, whose: string): Manifest {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new CommandError(`${whose} appsscript.json cannot be read as a manifest.`);
  }
}

export interface Hosts {
  readonly apiUrl: string;
  readonly tokenUrl: string;
}

/** A prefix must end in a path [1]. @see [1] https://developers.google.com/apps-script/manifest/allowlist-url */
const prefixOf = (url: string): string => `${new URL(url).origin}/`;

/** Where `checkHealth()` asks, as anybody could, whether a release sheet is open to everybody with its link. */
const GOOGLE_SHEETS = 'https://docs.google.com/spreadsheets/';

/** The script talks to these environments, to that page, and to nobody else. */
export function forHosts(manifest: Manifest, hosts: readonly Hosts[]): Manifest {
  const prefixes = hosts.flatMap(({ apiUrl, tokenUrl }) => [prefixOf(apiUrl), prefixOf(tokenUrl)]);
  return { ...manifest, urlFetchWhitelist: [...new Set([...prefixes, GOOGLE_SHEETS])].sort() };
}

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Google asks the owner anew for these; until they agree, nothing runs. */
export const newScopes = (deployed: Manifest, next: Manifest): string[] =>
  next.oauthScopes.filter((scope) => !deployed.oauthScopes.includes(scope));
