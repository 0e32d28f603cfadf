/** The step that runs by itself next, as the rundown says. Pure. */

export interface Armed {
  readonly step: string;
  /** As the sheet shows it, in its zone. */
  readonly planned: string;
}

/** @param values - Of a rundown, header first; of other tabs there is none. */
export function nextArmed(values: readonly (readonly string[])[]): Armed | undefined {
  const [headers = [], ...rows] = values;
  const [step, planned, status] = ['Step', 'Planned start', 'Status'].map((header) => headers.indexOf(header));
  const armed = rows
    .filter((row) => row[status ?? -1]?.trim().toLowerCase() === 'scheduled')
    .map((row) => ({ step: row[step ?? -1] ?? '', planned: row[planned ?? -1] ?? '' }))
    .filter((one) => one.planned !== '');
  // Year first, so that the text sorts by time.
  return armed.sort((a, b) => a.planned.localeCompare(b.planned))[0];
}
