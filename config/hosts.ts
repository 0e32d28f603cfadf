/** Which requests are a service's, where it shares a web ACL: by the name that clients ask for. */

const WILDCARD = '*.';

const isWildcard = (host: string): boolean => host.startsWith(WILDCARD);
/** `.shop.example.com` of `*.shop.example.com`: the names below it, at any depth, and not itself. */
const suffixOf = (host: string): string => host.slice(1);

const covers = (host: string, other: string): boolean =>
  isWildcard(host) ? other.endsWith(suffixOf(host)) : host === other;

/** One that both lists cover: a request for it would be closed with either. */
export const commonHost = (some: readonly string[], others: readonly string[]): string | undefined =>
  some.flatMap((one) => others.flatMap((other) => (covers(one, other) ? other : covers(other, one) ? one : []))).at(0);

/** @param asked - Of a Host header or a URL, with or without a port. */
export function isHostOf({ hosts }: { readonly hosts: readonly string[] }, asked: string): boolean {
  const name = asked.toLowerCase().replace(/:.*$/, '').replace(/\.$/, '');
  return hosts.length === 0 || hosts.some((host) => covers(host, name));
}

/** WAF takes more in some places, and this many characters of a pattern everywhere. */
const MAX_PATTERN = 200;
const inPattern = (host: string): string => (isWildcard(host) ? `[^:]+${escaped(suffixOf(host))}` : escaped(host));
const escaped = (text: string): string => text.replaceAll('.', '\\.');
/** A name may end in its dot, and a port may follow. */
const patternOf = (names: readonly string[]): string => `^(?:${names.join('|')})\\.?(?::.*)?$`;

/** For a Host header in lower case: as few patterns as there can be, since each costs WAF's capacity. */
export function hostPatterns(hosts: readonly string[]): string[] {
  const parts: string[][] = [];
  for (const name of hosts.map(inPattern)) {
    const last = parts.at(-1);
    if (last && patternOf([...last, name]).length <= MAX_PATTERN) last.push(name);
    else parts.push([name]);
  }
  return parts.map(patternOf);
}
