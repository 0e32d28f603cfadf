import { NO_NEWS, newsOf, without } from '../../../../../local/page/browser/news.ts';

const AT = Date.parse('2026-11-29T01:00:00Z');
const rundown = (...rows: string[][]) => [['Step', 'Status', 'Result'], ...rows];
const services = (mode: string, known: string) => [
  ['Service', 'Environment', 'Mode', 'What we know'],
  ['Shop', 'production', mode, known],
];
const names = (memory: ReturnType<typeof newsOf>) => memory.items.map(({ name, status }) => `${name} ${status}`);

const quiet = {
  Rundown: rundown(['1', 'Planned', ''], ['2', 'Planned', '']),
  Services: services('Open', 'Never closed.'),
};

it('at first only what somebody must act on is news', () => {
  const first = newsOf(NO_NEWS, { Rundown: rundown(['1', 'Done', 'Closed.'], ['2', 'Failed', 'Not run.']) }, AT);
  expect(names(first)).toEqual(['Step 2 Failed']);
});

it('tells of every tab, the worst first, then the newest, each since when', () => {
  const before = newsOf(NO_NEWS, quiet, AT);
  const running = newsOf(
    before,
    { ...quiet, Rundown: rundown(['1', 'Running', 'Closing…'], ['2', 'Planned', '']) },
    AT + 1,
  );
  const after = newsOf(
    running,
    {
      Rundown: rundown(['1', 'Done', 'Closed.'], ['2', 'Running', 'Opening…']),
      Services: services('In doubt', 'CONTESTED since 01:00.'),
    },
    AT + 2_000,
  );
  expect(names(after)).toEqual(['Shop production In doubt', 'Step 2 Running', 'Step 1 Done']);
  expect(after.items[0]).toMatchObject({ tab: 'Services', row: 2, level: 'bad', at: AT + 2_000 });
});

it('says nothing that its row does not say any more', () => {
  const before = newsOf(NO_NEWS, quiet, AT);
  const failed = newsOf(before, { Rundown: rundown(['1', 'Failed', 'Refused.'], ['2', 'Planned', '']) }, AT);
  expect(names(failed)).toEqual(['Step 1 Failed']);
  const put = newsOf(failed, { Rundown: rundown(['1', 'Planned', ''], ['2', 'Planned', '']) }, AT);
  expect(put.items).toEqual([]);
});

it('a row that tells the past, or was overtaken on purpose, is no news', () => {
  const before = newsOf(NO_NEWS, { Rundown: rundown(['1', 'Done', 'Closed.'], ['2', 'Running', 'Closing…']) }, AT);
  const past = rundown(
    ['1', 'Done', 'Until 01:00, when step 3 opened it: closed.'],
    ['2', 'Failed', 'Superseded by step 3.'],
  );
  expect(newsOf(before, { Rundown: past }, AT).items).toEqual([]);
});

it('good news is over after ten minutes, bad news is not, and either can be dismissed', () => {
  const before = newsOf(NO_NEWS, quiet, AT);
  const tabs = { Rundown: rundown(['1', 'Done', 'Closed.'], ['2', 'Failed', 'Refused.']) };
  const both = newsOf(before, tabs, AT);
  expect(names(both)).toEqual(['Step 2 Failed', 'Step 1 Done']);
  const later = newsOf(both, tabs, AT + 11 * 60_000);
  expect(names(later)).toEqual(['Step 2 Failed']);
  expect(newsOf(without(later, 'Rundown Step 2'), tabs, AT).items).toEqual([]);
});

it('what is known of a service every minute anew is no news', () => {
  const before = newsOf(NO_NEWS, { Services: services('Closed', 'Seen so at 01:00.') }, AT);
  expect(newsOf(before, { Services: services('Closed', 'Seen so at 01:01.') }, AT).items).toEqual([]);
});
