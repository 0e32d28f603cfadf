import { randomUUID } from 'node:crypto';
import { free, type Service } from '../service.ts';
import { formatDate } from '../spreadsheet/zoned-time.ts';

export const UTILITIES: Readonly<Record<string, Service>> = {
  'Utilities.sleep': free(({ clock }, _caller, ms: number) => clock.sleep(ms)),
  'Utilities.getUuid': free(() => randomUUID()),
  'Utilities.base64Encode': free((_world, _caller, text: string) => Buffer.from(text, 'utf8').toString('base64')),
  'Utilities.formatDate': free((_world, _caller, at: number, timeZone: string, format: string) =>
    formatDate(at, timeZone, format),
  ),
};
