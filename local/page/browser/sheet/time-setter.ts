import { h, setText } from '../dom.ts';
import type { Times } from '../times.ts';
import type { Rectangle } from './rectangles.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { Here } from './toolbar.ts';

export interface TimeSetterOptions {
  readonly times: Times;
  now(): number;
  here(): Here | undefined;
  edit(area: Rectangle, values: readonly (readonly string[])[], basis: ShownSheet): void;
}

const MINUTE_MS = 60_000;

/** Picks a date with its time for the selected cells of a column of times, each row some minutes after the one above. */
export function createTimeSetter(place: HTMLElement, { times, now, here, edit }: TimeSetterOptions) {
  const field = h('input', { type: 'datetime-local', id: 'time-of', class: 'clock-to', required: '' });
  const step = h('input', { type: 'number', id: 'time-step', class: 'clock-to', min: '0', max: '1440', value: '5' });
  const every = h(
    'span',
    { class: 'every-row' },
    h('label', { for: 'time-step' }, 'each row below, minutes later'),
    step,
  );
  const label = h('label', { for: 'time-of' }, '');
  const form = h('form', {}, label, field, every, h('button', {}, 'Write it'));
  const opener = h('summary', {}, 'Set time…');
  const details = h('details', { class: 'setter times' }, opener, form);
  details.hidden = true;

  const rowsOf = ({ blocks, row }: Here) => blocks.find((one) => one.row === row)?.count ?? 1;
  const close = () => {
    details.open = false;
  };
  details.addEventListener('toggle', () => {
    const at = here();
    if (!details.open || !at) return;
    const shown = times.instant(at.basis.values[at.row - 1]?.[at.column - 1] ?? '');
    field.value = times.wall(shown ?? now() + 10 * MINUTE_MS);
    const rows = rowsOf(at);
    every.hidden = rows === 1;
    setText(
      label,
      `${at.basis.values[0]?.[at.column - 1] ?? 'Time'}, row ${at.row}${rows > 1 ? ` to ${at.row + rows - 1}` : ''}`,
    );
    field.focus();
  });
  details.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    close();
    opener.focus();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const at = here();
    const first = times.instant(field.value);
    if (!at || first === undefined) return;
    const rows = rowsOf(at);
    const minutes = every.hidden ? 0 : Number(step.value);
    const values = Array.from({ length: rows }, (_row, down) => [
      times.wall(first + down * minutes * MINUTE_MS).replace('T', ' '),
    ]);
    edit({ row: at.row, column: at.column, rows, columns: 1 }, values, at.basis);
    close();
  });
  place.append(details);
  return {
    /** The person is in another cell. */
    visit(): void {
      const at = here();
      const isTime = at !== undefined && at.row > 1 && at.basis.formatting.isTime(at.row, at.column);
      details.hidden = !isTime || at.basis.formatting.isWarned(at.row, at.column);
      if (details.hidden) close();
    },
  };
}
