import type { Spreadsheet } from './apps-script-runtime/spreadsheet/spreadsheet.ts';
import type { OutsideRequest, OutsideResponse } from './outside-network.ts';

/** docs.google.com to somebody who has not signed in: a sheet that is open to everybody with its link, or the sign-in. */
export const GOOGLE_DOCS_EMULATES = ['GET /spreadsheets/d/<id>/edit, not signed in'] as const;

const SHEET = /^\/spreadsheets\/d\/([\w-]+)\/edit$/;

export function googleDocs(find: (id: string) => Spreadsheet | undefined) {
  return async ({ url, method }: OutsideRequest): Promise<OutsideResponse> => {
    const { pathname } = new URL(url);
    const [, id] = SHEET.exec(pathname) ?? [];
    if (id === undefined || method !== 'GET') throw new Error(`${method} ${pathname} is not supported by this server.`);
    const spreadsheet = find(id);
    if (!spreadsheet) return { status: 404, headers: {}, body: '' };
    if (spreadsheet.isOpenByLink) return { status: 200, headers: { 'content-type': 'text/html' }, body: '' };
    const location = `https://accounts.google.com/ServiceLogin?continue=${encodeURIComponent(url)}`;
    return { status: 302, headers: { location }, body: '' };
  };
}
