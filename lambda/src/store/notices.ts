import type { Notice } from '../model/ports.ts';
import type { Table, Write } from './table.ts';

/** What people are to be told is committed with what it tells of, and removed once it was sent: delivered at least once. */

export interface WaitingNotice {
  readonly id: string;
  readonly kind: 'missed' | 'repaired' | 'adopted';
  readonly notice: Notice;
}

export interface Notices {
  /** What is still to be sent. */
  notices(): Promise<WaitingNotice[]>;
  removeNotice(id: string): Promise<void>;
}

const NOTICES = 'NOTICES';

export const noticeWrite = (one: WaitingNotice): Write => ({
  put: { pk: NOTICES, sk: one.id, ...one },
  label: 'notice',
});

export const createNotices = (table: Table): Notices => ({
  async notices() {
    const items = await table.query<WaitingNotice>(NOTICES);
    return items.map(({ sk: _sk, ...notice }) => notice);
  },

  async removeNotice(id) {
    await table.commit([{ remove: { pk: NOTICES, sk: id }, label: 'notice' }]);
  },
});
