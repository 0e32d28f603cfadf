import { draw } from '../../../bench/report/chart.ts';
import { interleaved, spreadOf } from '../../../bench/report/spread.ts';

test('a spread has the middle, and what a tenth lies below and above', () => {
  expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ median: 3, low: 1.4, high: 4.6, samples: [5, 1, 3, 2, 4] });
  expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7, samples: [7] });
  expect(() => spreadOf([])).toThrow('Nothing was measured');
});

test('contenders take turns, and the first round is not counted', async () => {
  const order: string[] = [];
  const contender = (name: string) => () => {
    order.push(name);
    return order.length;
  };
  expect(await interleaved([contender('one'), contender('two')], 2)).toEqual([
    [3, 5],
    [4, 6],
  ]);
  expect(order).toEqual(['one', 'two', 'one', 'two', 'one', 'two']);
});

test('a chart says in words what it shows, to those who cannot see it', () => {
  const option = {
    xAxis: { type: 'category' as const, data: ['a'] },
    yAxis: {},
    series: [{ type: 'bar' as const, data: [1] }],
  };
  const svg = draw({ description: 'a < b & c', option }, { title: 'Closing' });
  expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title desc">\n<title id="title">Closing<\/title>/);
  expect(svg).toContain('<desc id="desc">a &lt; b &amp; c</desc>');
  // Paper of its own: dark ink would not be seen on a dark page.
  expect(svg).toMatch(/<rect [^>]*fill="#ffffff"/);
});
