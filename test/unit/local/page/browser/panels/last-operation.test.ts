import { foldReads, hopsOfLast } from '../../../../../../local/page/browser/panels/last-operation.ts';
import type { Hop } from '../../../../../../local/trace.ts';

const hop = (at: number, operationId?: string): Hop => ({
  at,
  part: 'gateway',
  what: 'GetItem',
  said: 'accepted',
  ok: true,
  operationId,
});

describe('the last operation', () => {
  it('is the one last heard of, in the order of time, without what belongs to nobody', () => {
    const hops = [hop(1, 'op-a'), hop(4, 'op-b'), hop(3, 'op-b'), hop(5, 'op-a'), hop(6, 'op-b'), hop(7)];
    expect(hopsOfLast(hops).map(({ at }) => at)).toEqual([3, 4, 6]);
    expect(hopsOfLast([hop(1)])).toEqual([]);
  });

  it('has the firewall calls of its own seconds and environment', () => {
    const waf = (at: number, environment = 'production'): Hop => ({ ...hop(at), part: 'waf', environment });
    const own = [3, 6].map((at) => ({ ...hop(at, 'op-a'), environment: 'production' }));
    const hops = [waf(2), ...own, waf(4), waf(5, 'staging'), waf(7_000)];
    expect(hopsOfLast(hops).map(({ at, part }) => `${part} ${at}`)).toEqual(['gateway 3', 'waf 4', 'gateway 6']);
  });

  it('begins with the edit that led to the commit, has the syncs that follow, and ends with the answer in the row', () => {
    const sheet = (at: number, what: string, said = ''): Hop => ({ ...hop(at), part: 'sheet', what, said });
    const hops = [
      sheet(100, 'edit C3 = x'),
      sheet(900, 'edit H3 = Go'),
      hop(950),
      { ...hop(1_000, 'op-a'), environment: 'production' },
      { ...hop(1_100), environment: 'staging' },
      sheet(1_200, 'write into Rundown row 3', 'Running · Closing Shop…'),
      sheet(1_300, 'edit D9 = a note'),
      hop(9_000),
      sheet(9_100, 'write into Rundown row 3', 'Done · Shop is closed'),
      hop(9_200),
      hop(70_000),
    ];
    expect(hopsOfLast(hops).map(({ at }) => at)).toEqual([900, 950, 1_000, 1_200, 9_000, 9_100, 9_200]);
  });

  it('goes on while no row has an answer', () => {
    const edit: Hop = { ...hop(900), part: 'sheet', what: 'edit H3 = Go' };
    expect(hopsOfLast([edit, hop(1_000, 'op-a'), hop(90_000)]).map(({ at }) => at)).toEqual([900, 1_000, 90_000]);
  });

  it('tells calls to the table as one line, and never hides a failed one', () => {
    const read = (at: number, ok = true): Hop => ({ ...hop(at), part: 'dynamodb', ok, tookMs: 2 });
    const lines = foldReads([read(1), read(2), hop(3), read(4), read(5, false), read(6)]);
    expect(lines.map(({ at, what, tookMs, ok }) => [at, what, tookMs, ok])).toEqual([
      [1, '2 calls', 4, true],
      [3, 'GetItem', undefined, true],
      [4, 'GetItem', 2, true],
      [5, 'GetItem', 2, false],
      [6, 'GetItem', 2, true],
    ]);
  });
});
