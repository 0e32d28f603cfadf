import type { Members } from '../script-context.ts';
import type { Thread } from './thread.ts';

export const utilities = ({ call, scriptContext }: Thread): Members =>
  scriptContext.sealed('Utilities', {
    sleep: (ms: number) => void call('Utilities.sleep', ms),
    getUuid: () => call('Utilities.getUuid'),
    base64Encode: (text: unknown) =>
      typeof text === 'string'
        ? call('Utilities.base64Encode', text)
        : scriptContext.refuse('Utilities.base64Encode of bytes'),
    formatDate: (date: Date, timeZone: string, format: string) =>
      call('Utilities.formatDate', date.getTime(), timeZone, format),
  });
