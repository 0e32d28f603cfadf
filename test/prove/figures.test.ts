import { quoted, type Written } from './figures.ts';

const RUN: Written = {
  at: '2026-11-29T20:00:00.000Z',
  machine: { node: 'v20.20.2', platform: 'linux', arch: 'x64', cores: 2 },
  ...{
    worlds: 100,
    spread: 71,
    edits: 1_200,
    faults: 150,
    syncs: 5_000,
    calls: 70_000,
    operations: 240,
    checks: 2_000,
  },
  ...{ seconds: 200, failed: [], attacks: { attacks: 94, wrong: [] }, seeds: { first: 1, last: 100 } },
};
const crashes = { isPassed: true, stories: 37, plays: 888, seconds: 120 };

it('a run that played some of the plays says of how many', () => {
  const some = quoted({ ...RUN, crashSuites: { ...crashes, ofPlays: 4_000 } });
  expect(some).toContain('| crash suites | 37 stories, 888 of 4,000 plays, all passed, 120 s |');
  expect(quoted({ ...RUN, crashSuites: crashes })).toContain('37 stories, every play (888), all passed');
});

it('a run without the crash suites has no line of them', () => {
  expect(quoted(RUN)).not.toContain('crash suites');
});

it('says how many nights had several environments and targets', () => {
  expect(quoted(RUN)).toContain(
    '| random nights | 100 (seeds 1 to 100), 71 of them with several environments and targets,',
  );
});
