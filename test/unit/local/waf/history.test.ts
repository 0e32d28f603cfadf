import { createHistory } from '../../../../local/waf/history.ts';

const propagation = { minMs: 1_000, maxMs: 5_000 };

function changed(...changes: [at: number, value: string | undefined][]) {
  const history = createHistory<string>(propagation);
  for (const [at, value] of changes) history.change(at, value);
  return history;
}

it('shows nothing new before the first moment, and only new after the last', () => {
  const history = changed([0, 'open'], [10_000, 'closed']);
  expect(history.seen(10_999, 0)).toBe('open');
  expect(history.seen(15_000, 0.999)).toBe('closed');
});

it('shows old and new mixed between the two, ever more of the new', () => {
  const history = changed([0, 'open'], [10_000, 'closed']);
  const shareAt = (at: number) => {
    const throws = Array.from({ length: 100 }, (_, index) => history.seen(at, index / 100));
    return throws.filter((value) => value === 'closed').length;
  };
  expect([12_000, 13_000, 14_000].map(shareAt)).toEqual([25, 50, 75]);
});

it('keeps every version that some request can still meet', () => {
  const history = changed([0, 'open'], [10_000, 'closed'], [11_000, 'testers only']);
  expect(history.seen(13_000, 0.1)).toBe('testers only');
  expect(history.seen(13_000, 0.3)).toBe('closed');
  expect(history.seen(13_000, 0.9)).toBe('open');
});

it('is nothing before it exists, and after it is gone for every request', () => {
  const history = changed([0, 'open'], [10_000, undefined]);
  expect(history.seen(500, 0)).toBeUndefined();
  expect(history.seen(10_500, 0.5)).toBe('open');
  expect(history.seen(20_000, 0.5)).toBeUndefined();
});
