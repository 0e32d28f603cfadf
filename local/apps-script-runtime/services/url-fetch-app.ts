import type { OutsideResponse } from '../../outside-network.ts';
import { notSupported } from '../not-supported.ts';
import type { FetchRequest } from '../protocol.ts';
import { counted, type Service, type World } from '../service.ts';

const FETCH = 'https://www.googleapis.com/auth/script.external_request';
/** As much of an error's body as the real one quotes. */
const ECHO_LENGTH = 100;

export const URL_FETCH_APP: Readonly<Record<string, Service>> = {
  'UrlFetch.fetchAll': counted(
    (world, _caller, requests: FetchRequest[]) => Promise.all(requests.map((request) => fetchOne(world, request))),
    FETCH,
  ),
};

/** @throws Error - The URL is not allowed, the network failed, or (unless muted) the answer is 400 or more. */
async function fetchOne(world: World, request: FetchRequest): Promise<OutsideResponse> {
  const { muteHttpExceptions = false, followRedirects = true } = request;
  const url = allowedUrl(request.url, world.urlFetchWhitelist);
  const answer = await send(world, url, request);
  if (answer.status >= 300 && answer.status < 400 && answer.headers.location && followRedirects)
    throw new Error(notSupported('UrlFetchApp.fetch following a redirect'));
  if (answer.status < 400 || muteHttpExceptions) return answer;
  throw new Error(
    `Request failed for ${url.origin} returned code ${answer.status}. ` +
      `Truncated server response: ${answer.body.slice(0, ECHO_LENGTH)} ` +
      '(use muteHttpExceptions option to examine full response)',
  );
}

function allowedUrl(text: string, whitelist: readonly string[] | undefined): URL {
  if (!URL.canParse(text)) throw new Error(`Invalid argument: ${text}`);
  const url = new URL(text);
  if (url.protocol !== 'https:')
    throw new Error(notSupported(`UrlFetchApp.fetch of a URL that is not https (${url.origin})`));
  if (whitelist && !whitelist.some((prefix) => url.href.startsWith(prefix)))
    throw new Error(`The URL ${url.origin}${url.pathname} is not on the urlFetchWhitelist of the manifest.`);
  return url;
}

/** Of what is sent, only the address is traced: the rest may be secret. */
async function send({ network, trace, clock }: World, url: URL, request: FetchRequest): Promise<OutsideResponse> {
  const { payload, contentType = 'application/x-www-form-urlencoded', headers = {} } = request;
  const method = (request.method ?? (payload === undefined ? 'get' : 'post')).toUpperCase();
  const at = clock.now();
  const seen = (said: string, ok: boolean) =>
    trace?.({
      at,
      tookMs: clock.now() - at,
      part: 'apps-script',
      what: `${method} ${url.origin}${url.pathname}`,
      said,
      ok,
    });
  const typedHeaders = payload === undefined ? headers : { ...headers, 'content-type': contentType };
  try {
    const answer = await network({ url: url.href, method, headers: typedHeaders, body: payload });
    seen(String(answer.status), answer.status < 400);
    return answer;
  } catch (error) {
    seen('no answer', false);
    throw new Error(`Address unavailable: ${url.origin} (${(error as Error).message})`);
  }
}
