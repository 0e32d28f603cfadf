import type { FetchRequest } from '../protocol.ts';
import type { Members } from '../script-context.ts';
import type { Thread } from './thread.ts';

interface Told {
  readonly status: number;
  readonly body: string;
}

const OPTIONS = ['url', 'method', 'headers', 'contentType', 'payload', 'muteHttpExceptions', 'followRedirects'];

export function urlFetchApp({ call, scriptContext }: Thread): Members {
  const { sealed, refuse } = scriptContext;

  const response = ({ status, body }: Told): Members =>
    sealed('HTTPResponse', {
      getResponseCode: () => status,
      getContentText: () => body,
    });

  /** An object is sent as a form, as the real one does. */
  function payloadOf(payload: unknown): string | undefined {
    if (payload === undefined || payload === null) return undefined;
    if (typeof payload !== 'object') return String(payload);
    const fields = Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]);
    return new URLSearchParams(fields).toString();
  }

  function requestOf(asked: Members): FetchRequest {
    const unknown = Object.keys(asked).find((key) => !OPTIONS.includes(key));
    if (unknown) return refuse(`UrlFetchApp.fetchAll with the option ${unknown}`);
    const plain = JSON.parse(JSON.stringify({ ...asked, payload: undefined }));
    return { ...plain, url: String(asked.url), payload: payloadOf(asked.payload) };
  }

  const fetchAll = (requests: readonly Members[]) =>
    (call('UrlFetch.fetchAll', requests.map(requestOf)) as Told[]).map(response);

  return sealed('UrlFetchApp', {
    fetchAll: (requests: readonly (Members | string)[]) =>
      scriptContext.list(fetchAll(Array.from(requests, (one) => (typeof one === 'string' ? { url: one } : one)))),
  });
}
