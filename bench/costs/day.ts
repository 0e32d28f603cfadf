import { AXIS, type Chart, COLOURS, LEGEND } from '../report/chart.ts';
import { writeResult } from '../report/results.ts';
import { opensOf, secondsOf, sleptSecondsOf, type WakeUp } from './wake-up.ts';

/** The wake-ups of one day, against what Google grants an account [1].
 * @see [1] https://developers.google.com/apps-script/guides/services/quotas
 */
const GRANTED = {
  Workspace: { triggerMinutes: 360, requests: 100_000 },
  consumer: { triggerMinutes: 90, requests: 20_000 },
} as const;

/** How many release sheets a day is measured with; no more can be live. */
export const SHEETS = [1, 5, 10, 18] as const;
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
const timesOf = (sheets: number): readonly (readonly [what: string, times: number])[] => [
  [WHAT.idleEdit, sheets * IDLE_EDITS],
  [WHAT.idleTick, (24 - NIGHT_HOURS) * 59],
  [WHAT.hourly, 24 - NIGHT_HOURS],
  [WHAT.go, sheets * GOS],
  [WHAT.near(sheets), NIGHT_HOURS * 60],
];

interface Part {
  readonly what: string;
  readonly times: number;
  readonly minutes: number;
  readonly requests: number;
}

interface Day {
  readonly sheets: number;
  readonly parts: readonly Part[];
  readonly minutes: number;
  readonly requests: number;
}

/** @throws Error - A part of the day was not measured: the sum would be too good. */
function dayOf(wakeUps: readonly WakeUp[], sheets: number): Day {
  const parts = timesOf(sheets).map(([what, times]) => {
    const one = wakeUps.find((wakeUp) => wakeUp.what === what);
    if (!one) throw new Error(`"${what}" was not measured.`);
    return { what, times, minutes: (times * secondsOf(one)) / 60, requests: times * one.requests };
  });
  const sum = (of: (part: Part) => number) => parts.reduce((all, part) => all + of(part), 0);
  return { sheets, parts, minutes: sum(({ minutes }) => minutes), requests: sum(({ requests }) => requests) };
}

const percent = (part: number, whole: number): number => Math.round((1_000 * part) / whole) / 10;

/** @param wakeUps - Of a day with each of {@link SHEETS}. */
export function report(wakeUps: readonly WakeUp[]): string {
  const days = SHEETS.map((sheets) => dayOf(wakeUps, sheets));
  const rows = wakeUps.map((one) => [
    one.what,
    String(one.calls.length),
    String(opensOf(one)),
    String(one.requests),
    `${sleptSecondsOf(one).toFixed(1)} s`,
    `${secondsOf(one).toFixed(1)} s`,
  ]);
  const { Workspace, consumer } = GRANTED;
  return writeResult('costs', {
    title: 'What the release sheets take of Google’s daily quotas',
    subtitle: `A day on which every sheet has a night of ${NIGHT_HOURS} hours, ${GOS} Gos and ${IDLE_EDITS} other edits`,
    command: 'npm run costs',
    isDeterministic: false,
    table: { headers: ['wake-up', 'calls', 'of these opens', 'requests', 'asleep', 'assumed time'], rows },
    notes: [
      ...days.map(
        ({ sheets, minutes, requests }) =>
          `A day with ${sheets} ${sheets === 1 ? 'sheet' : 'sheets'}: ${minutes.toFixed(0)} of ${Workspace.triggerMinutes} minutes of triggers that a Workspace account is granted ` +
          `(a consumer account: ${consumer.triggerMinutes}), ${requests} of ${Workspace.requests.toLocaleString('en')} requests.`,
      ),
      'Calls, opens, requests and sleeps are counted; times are assumed: 0.4 s to start, 0.6 s to open a spreadsheet, 0.25 s a call of a sheet, 0.4 s a flush, 0.5 s a request, 0.06 s a property.',
    ],
    data: {
      granted: GRANTED,
      wakeUps: wakeUps.map((one) => ({
        ...{ what: one.what, calls: one.calls.length, opens: opensOf(one), requests: one.requests },
        ...{ sleptSeconds: sleptSecondsOf(one), assumedSeconds: secondsOf(one) },
      })),
      days,
    },
    chart: chartOf(days),
  });
}

function chartOf(days: readonly Day[]): Chart {
  const { Workspace, consumer } = GRANTED;
  const lines = [
    [
      'runtime of triggers, consumer account',
      days.map(({ minutes }) => percent(minutes, consumer.triggerMinutes)),
      COLOURS[1],
    ],
    [
      'runtime of triggers, Workspace account',
      days.map(({ minutes }) => percent(minutes, Workspace.triggerMinutes)),
      COLOURS[0],
    ],
    ['requests, Workspace account', days.map(({ requests }) => percent(requests, Workspace.requests)), COLOURS[2]],
  ] as const;
  const last = days.at(-1) as Day;
  return {
    description: `With ${last.sheets} sheets, ${lines.map(([name, data]) => `${name}: ${data.at(-1)} %`).join('; ')} of what is granted a day.`,
    option: {
      legend: { ...LEGEND, itemGap: 20 },
      grid: { left: 70, right: 80, top: 115, bottom: 60 },
      xAxis: { ...AXIS, type: 'value', min: 0, max: 20, name: 'release sheets', nameLocation: 'middle', nameGap: 32 },
      yAxis: { ...AXIS, type: 'value', axisLabel: { ...AXIS.axisLabel, formatter: '{value} %' } },
      series: lines.map(([name, data, color], at) => ({
        ...{ type: 'line' as const, name, symbolSize: 8, lineStyle: { width: 3 }, itemStyle: { color } },
        data: data.map((value, index) => [days[index]?.sheets ?? 0, value]),
        endLabel: {
          show: true,
          formatter: ({ value }: { value: unknown }) => `${(value as number[])[1]} %`,
          color: '#1f2430',
        },
        ...(at === 0
          ? {
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { color: '#1f2430', type: 'dashed' as const },
                label: { formatter: 'granted', position: 'insideEndTop' as const, color: '#1f2430' },
                data: [{ yAxis: 100 }],
              },
            }
          : {}),
      })),
    },
  };
}
