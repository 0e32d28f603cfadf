import { table } from './table.ts';
import { opensOf, secondsOf, sleptSecondsOf, type WakeUp } from './wake-up.ts';

/** The wake-ups of one day, against what Google grants a Workspace account [1].
 * @see [1] https://developers.google.com/apps-script/guides/services/quotas
 */
const GRANTED = { triggerMinutes: 360, requests: 100_000 } as const;

const SHEETS = 18;
const NIGHT_HOURS = 4;
/** Of each sheet: people write tasks, owners, notes. */
const IDLE_EDITS = 200;
const GOS = 10;

export const WHAT = {
  idleEdit: 'an edit that cannot matter',
  idleTick: 'a tick with nothing to do',
  hourly: 'a tick that syncs the sheets at rest',
  sent: 'a Go until its request is sent',
  shown: 'a Go until its row says Running',
  go: 'a Go until it is done, polls and waits in it',
  arming: 'arming a step',
  near: (sheets: number) => `a tick with ${sheets} near ${sheets === 1 ? 'sheet' : 'sheets'}`,
} as const;

/** How often each comes in a day on which all sheets have their night. */
const TIMES: Readonly<Record<string, number>> = {
  [WHAT.idleEdit]: SHEETS * IDLE_EDITS,
  [WHAT.idleTick]: (24 - NIGHT_HOURS) * 59,
  [WHAT.hourly]: 24 - NIGHT_HOURS,
  [WHAT.go]: SHEETS * GOS,
  [WHAT.near(SHEETS)]: NIGHT_HOURS * 60,
};

export function report(wakeUps: readonly WakeUp[]): string {
  const rows = wakeUps.map((one) => [
    one.what,
    String(one.calls.length),
    String(opensOf(one)),
    String(one.requests),
    `${sleptSecondsOf(one).toFixed(1)} s`,
    `${secondsOf(one).toFixed(1)} s`,
  ]);
  return [
    table(['wake-up', 'calls', 'of these opens', 'requests', 'asleep', 'assumed time'], rows),
    '',
    dayOf(wakeUps),
    '',
    'Calls, opens, requests and sleeps are counted; times are assumed: 0.4 s to start, 0.6 s to open a spreadsheet, 0.25 s a',
    'call of a sheet, 0.4 s a flush, 0.5 s a request, 0.06 s a property.',
  ].join('\n');
}

/** @throws Error - A part of the day was not measured: the sum would be too good. */
function dayOf(wakeUps: readonly WakeUp[]): string {
  const parts = Object.entries(TIMES).map(([what, times]) => {
    const one = wakeUps.find((wakeUp) => wakeUp.what === what);
    if (!one) throw new Error(`"${what}" was not measured.`);
    return { what, times, minutes: (times * secondsOf(one)) / 60, requests: times * one.requests };
  });
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((all, part) => all + of(part), 0);
  const line = (what: string, times: string, minutes: number, requests: number) => [
    what,
    times,
    `${minutes.toFixed(0)} min`,
    String(requests),
  ];
  return table(
    [`a day with ${SHEETS} sheets, all with a night of ${NIGHT_HOURS} hours`, 'times', 'runtime', 'requests'],
    [
      ...parts.map(({ what, times, minutes, requests }) => line(what, String(times), minutes, requests)),
      line(
        'in all',
        '',
        sum(({ minutes }) => minutes),
        sum(({ requests }) => requests),
      ),
      line('granted to a Workspace account', '', GRANTED.triggerMinutes, GRANTED.requests),
    ],
  );
}
