/** Times as people in the sheet's zone read them. */
export interface Times {
  /** `02:14:07` */
  time(at: number | string): string;
  /** `Sun 22 Nov, 02:14:07 UTC` */
  full(at: number | string): string;
}

export function createTimes(timeZone: string): Times {
  const clock = { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const time = new Intl.DateTimeFormat('en-GB', clock);
  const full = new Intl.DateTimeFormat('en-GB', {
    ...clock,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZoneName: 'short',
  });
  return { time: (at) => time.format(new Date(at)), full: (at) => full.format(new Date(at)) };
}
