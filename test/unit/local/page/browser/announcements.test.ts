import { announcementOf } from '../../../../../local/page/browser/announcements.ts';

const HEADERS = ['Status', 'Step', 'Result'];
const sheet = (...rows: string[][]) => [HEADERS, ...rows];

describe('the announcement line', () => {
  it('tells the step whose row changed, with its result, wherever the row has moved to', () => {
    const before = sheet(['Running', '2', 'Closing…'], ['Planned', '3', '']);
    const after = sheet(['', '', ''], ['Planned', '3', ''], ['Done', '2', 'Shop is closed.']);
    expect(announcementOf(before, after)).toBe('Step 2 · Done · Shop is closed.');
  });

  it('is silent about a sheet that was only opened, sorted, or given a row', () => {
    const rows = [
      ['Done', '2', 'Shop is closed.'],
      ['Planned', '3', ''],
    ] as [string[], string[]];
    expect(announcementOf([], sheet(...rows))).toBeUndefined();
    expect(announcementOf(sheet(...rows), sheet(rows[1], rows[0]))).toBeUndefined();
    expect(announcementOf(sheet(...rows), sheet(['', '', ''], ...rows))).toBeUndefined();
  });

  it('prefers a row with a sentence over one without', () => {
    const before = sheet(['Planned', '1', ''], ['Go', '2', '']);
    const after = sheet(['Done', '1', ''], ['Failed', '2', 'Shop is still open.']);
    expect(announcementOf(before, after)).toBe('Step 2 · Failed · Shop is still open.');
  });

  it('tells what came of a pick for a service, which has no step', () => {
    const board = (result: string) => [
      ['Service', 'Status', 'Result'],
      ['shop', '', result],
    ];
    expect(announcementOf(board(''), board('Pick it again within a minute.'))).toBe(
      'shop · Pick it again within a minute.',
    );
  });
});
