import { asNotLive, standingOf } from '../../../../../local/page/browser/connection.ts';
import { readFormatting } from '../../../../../local/page/browser/sheet/formatting.ts';
import { CONNECTED, NOT_CONNECTED } from '../../../../../release-sheet-template/tab.ts';
import { PLAIN_FORMATTING } from '../fake-host.ts';

const rundown = (banner: string) => [
  [banner, 'Step'],
  ['', '1'],
];

it('says of the sheet that is shown whether what is set in it is run', () => {
  expect(standingOf({ name: 'Release 42', kind: 'release' }, rundown(CONNECTED))).toEqual({
    isLive: true,
    words: 'Live: what is set in Release 42 is run',
  });
  for (const [kind, banner] of [
    ['copy', CONNECTED],
    ['release', NOT_CONNECTED],
    [undefined, CONNECTED],
  ] as const) {
    const { isLive, words } = standingOf({ name: 'Release 42', kind }, rundown(banner));
    expect([isLive, words]).toEqual([
      false,
      expect.stringMatching(/^NOT CONNECTED: .*Release 42.* Nothing that is set here is run\.$/),
    ]);
  }
});

it('a copy says so in its first column, also while its original’s banner still holds', () => {
  expect(asNotLive(rundown(CONNECTED))).toEqual(rundown(NOT_CONNECTED));
});

it('in a sheet that nobody stands behind a Go is an alarm, and nothing looks done', () => {
  const told = {
    ...PLAIN_FORMATTING,
    conditionalFormats: [
      { ranges: ['B2:B'], when: { textEqualTo: 'Go' }, background: '#ceead6', fontColor: '#0d652d' },
      { ranges: ['B2:B'], when: { textEqualTo: 'Done' }, background: '#188038', fontColor: '#ffffff' },
    ],
  };
  const [live, copy] = [readFormatting(told), readFormatting(told, false)];
  expect(live.ofText(2, 2, 'Go')?.background).toBe('#ceead6');
  expect(copy.ofText(2, 2, 'Go')).toMatchObject({ background: '#c5221f', fontColor: '#ffffff' });
  expect(copy.ofText(2, 2, 'Done')?.background).toBe('#dadce0');
  expect(copy.cell(1, 1)).toMatchObject({ background: '#c5221f', isConditional: true });
  expect(copy.structure).not.toBe(live.structure);
});
