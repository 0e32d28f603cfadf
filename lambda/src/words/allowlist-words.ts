/** What stands beside a line of the tab Allowlist, in Check. */

/** From the internet testers come from another address than the one that their machine tells them. */
const privateNote = ' Note: it is an address of a private network, which a site on the internet never sees.';

export const lineMessages = {
  expired: 'Expired: this entry is not sent any more.',
  notATime: 'Until must be a date with a time, such as 2026-11-22 06:00. Until it is right, this line is not sent.',
  hasNoDate:
    'Until has a time but no date. Write the date too, such as 2026-11-22 06:00. Until then, this line is not sent.',
  double: (row: number) => `Not sent twice: row ${row} says the same.`,
  wrong: (why: string) => `Not sent: ${why}`,
  unknownService: (typed: string, names: readonly string[]) =>
    `Not sent: there is no Service "${typed}". There are: ${names.join(', ') || 'none yet'}.`,
  tooMany: (most: number) => `Not sent: ${most} lines at most can be sent for one service. Join some to a range.`,
  ready: (cidr: string, isPrivate: boolean) =>
    `Ready (${cidr}): it is let in at the next Enable allowlist.${isPrivate ? privateNote : ''}`,
  notYet: (cidr: string, step: string | undefined) =>
    `Not sent yet (${cidr}): set ${step ? `step ${step}` : 'a step with Enable allowlist'} to Go.`,
  sent: (cidr: string) => `Let in (${cidr}).`,
} as const;
