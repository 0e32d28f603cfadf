import type { Cognito } from '../../local/cognito/start.ts';
import { ON_CALL } from '../simulation/servers.ts';
import { signAs } from './attack-doors.ts';
import { BOTH } from './attacks.ts';

/** What reaches the gateway, and the page of the local stack, besides good requests; and the status that answers it. */

interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly body: string;
  readonly cognito: Cognito;
}

export interface HttpAttack {
  readonly what: string;
  readonly status: number;
  readonly method?: string;
  readonly path: string;
  headers?(asked: Asked): Promise<Record<string, string>>;
}

const GLASS = '/break-glass/operations';
const SYNC = '/rundowns/sheet/sync';
const bearer = async (token: Promise<string>) => ({ authorization: `Bearer ${await token}` });
const good = ({ cognito }: Asked) => bearer(cognito.sign('production', { scope: BOTH }));
const signed = ({ url, method, body }: Asked) => signAs(ON_CALL, url, method, body);
const MINUTE_MS = 60_000;

/** Each sends an order that would be good where it belongs. */
export const HTTP: readonly HttpAttack[] = [
  { what: 'a sync without a token', status: 401, path: SYNC },
  { what: 'a sync that is signed as an order is', status: 401, path: SYNC, headers: signed },
  { what: 'an order with the sheet’s token', status: 403, path: GLASS, headers: good },
  { what: 'an order that is not signed', status: 403, path: GLASS },
  {
    what: 'an order that was signed six minutes ago',
    status: 403,
    path: GLASS,
    headers: ({ url, method, body }) =>
      signAs(ON_CALL, url, method, body, { at: new Date(Date.now() - 6 * MINUTE_MS) }),
  },
  {
    what: 'an order that was signed for another region',
    status: 403,
    path: GLASS,
    headers: ({ url, method, body }) => signAs(ON_CALL, url, method, body, { region: 'us-east-1' }),
  },
  {
    what: 'an order whose signature is of another body',
    status: 403,
    path: GLASS,
    headers: ({ url, method }) => signAs(ON_CALL, url, method, '{}'),
  },
  {
    what: 'an order whose signature is of another path',
    status: 403,
    path: GLASS,
    headers: ({ url, method, body }) => signAs(ON_CALL, new URL('/production/break-glass/disarm', url), method, body),
  },
  {
    what: 'a signature of another method',
    status: 403,
    path: GLASS,
    headers: ({ url, body }) => signAs(ON_CALL, url, 'GET', body),
  },
  { what: 'a route that there is not', status: 404, path: '/operations', headers: good },
  { what: 'a method that a route has not', status: 404, method: 'DELETE', path: SYNC, headers: good },
  {
    what: 'a path that leads out of its own',
    status: 404,
    path: '/rundowns/sheet/../../break-glass/operations',
    headers: good,
  },
  { what: 'the same, encoded', status: 404, path: '/rundowns/sheet/%2e%2e/break-glass', headers: good },
  { what: 'two slashes', status: 404, path: '//rundowns/sheet/sync', headers: good },
  {
    what: 'a method in a header',
    status: 404,
    method: 'POST',
    path: '/services',
    headers: async (asked) => ({ ...(await good(asked)), 'x-http-method-override': 'GET' }),
  },
  { what: 'the public status, where nobody may ask for it', status: 404, method: 'GET', path: '/public/status' },
  {
    what: 'an authorizer’s answer in a header',
    status: 403,
    path: GLASS,
    headers: async () => ({ 'x-amzn-request-context': JSON.stringify({ authorizer: { iam: { userArn: ON_CALL } } }) }),
  },
];

export interface PageAttack {
  readonly what: string;
  readonly status: number;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export const GOOD_EDIT = JSON.stringify({
  sheet: 'Rundown',
  range: 'H2',
  values: [['Go']],
  user: 'release.manager@example.com',
});
const EDITS = '/api/edits';

/** To the local page: none of these may change the sheet. */
export const PAGE: readonly PageAttack[] = [
  { what: 'by a name that resolves to this machine', status: 403, path: EDITS, headers: { host: 'sheet.example.com' } },
  { what: 'from a page of somebody else', status: 403, path: EDITS, headers: { origin: 'https://example.com' } },
  { what: 'from a page that hides where it is from', status: 403, path: EDITS, headers: { origin: 'null' } },
  { what: 'as a form', status: 415, path: EDITS, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  {
    what: 'as plain text, which no browser asks about',
    status: 415,
    path: EDITS,
    headers: { 'content-type': 'text/plain' },
  },
  { what: 'half of a body', status: 400, path: EDITS, body: '{"sheet"' },
  { what: 'no body', status: 400, path: EDITS, body: '' },
  { what: 'a list', status: 400, path: EDITS, body: '[]' },
  { what: 'a range without end', status: 400, path: EDITS, body: GOOD_EDIT.replace('H2', 'A1:ZZZ9999999') },
  { what: 'a range of another sheet', status: 400, path: EDITS, body: GOOD_EDIT.replace('H2', "Payroll'!A1") },
  { what: 'a tab that there is not', status: 404, path: EDITS, body: GOOD_EDIT.replace('Rundown', '__proto__') },
  { what: 'more than a megabyte', status: 413, path: EDITS, body: JSON.stringify({ sheet: 'x'.repeat(1_100_000) }) },
  { what: 'an edit by GET', status: 405, method: 'GET', path: EDITS },
  { what: 'a file outside of its folder', status: 404, method: 'GET', path: '/../../package.json' },
  { what: 'the same, encoded', status: 404, method: 'GET', path: '/..%2f..%2fpackage.json' },
];
