import { exampleRundown } from '../release-sheet-template/rundown.ts';
import type { Spreadsheets } from './apps-script-runtime/sheet-model.ts';

const QUARTER_HOUR_MS = 15 * 60_000;

/** The release sheet of a night that begins now. @returns Its id. */
export function seedReleaseSheet(spreadsheets: Spreadsheets, now: number): string {
  const startsAt = Math.ceil(now / QUARTER_HOUR_MS) * QUARTER_HOUR_MS - QUARTER_HOUR_MS;
  const { id } = spreadsheets.create({
    id: 'release-42',
    name: 'Release 42',
    timeZone: 'Etc/UTC',
    tabs: { Rundown: exampleRundown(startsAt) },
  });
  return id;
}
