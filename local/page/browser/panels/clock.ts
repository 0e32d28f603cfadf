import { api } from '../api.ts';
import { button, h, setText } from '../dom.ts';
import type { Times } from '../times.ts';
import type { Armed } from './next-armed.ts';

const MOVES = [
  ['+1 min', 'Move the clock 1 minute on', 60_000],
  ['+10 min', 'Move the clock 10 minutes on', 600_000],
  ['+1 h', 'Move the clock 1 hour on', 3_600_000],
] as const;

export interface ClockView {
  /** Milliseconds since the epoch. */
  now(): number;
  /** The stack's clock says this now. */
  set(now: string): void;
  /** What runs by itself next, if anything does. */
  arm(next: Armed | undefined): void;
}

/** The local clock, running, with what moves it on: some minutes, to a time, or to the next armed step. */
export function createClock(place: HTMLElement, times: Times, onProblem: (error: unknown) => void): ClockView {
  let aheadMs = 0;
  let armedAt: number | undefined;
  const now = () => Date.now() + aheadMs;
  const face = h('time');
  const tick = () => {
    setText(face, times.full(now()));
    face.dateTime = new Date(now()).toISOString();
    next.disabled = armedAt === undefined || armedAt <= now();
  };
  const set = (told: string) => {
    aheadMs = Date.parse(told) - Date.now();
    tick();
  };
  const moveTo = (at: number) => api.moveClock(at).then((moved) => set(moved.now), onProblem);
  const buttons = MOVES.map(([label, title, ms]) =>
    button(label, () => api.advanceClock(ms).then((moved) => set(moved.now), onProblem), {
      // Whoever speaks to the page says what stands on the button.
      'aria-label': `${label}: ${title}`,
      title,
    }),
  );
  const next = button('', () => armedAt !== undefined && void moveTo(armedAt), { class: 'next' });
  next.hidden = true;
  place.append(
    h('h2', { id: 'clock-title' }, 'Local clock'),
    face,
    h('div', { class: 'buttons' }, ...buttons, createSetter(times, now, moveTo), next),
  );
  setInterval(tick, 500);
  return {
    now,
    set,
    arm(armed) {
      armedAt = armed && times.instant(armed.planned);
      next.hidden = armedAt === undefined;
      if (armedAt === undefined || !armed) return;
      const clock = times.time(armedAt).slice(0, 5);
      setText(next, `Next: step ${armed.step} at ${clock}`);
      next.title = `Move the clock to ${times.full(armedAt)}`;
      tick();
    },
  };
}

/** Any time to come, in the zone of the sheet. */
function createSetter(times: Times, now: () => number, moveTo: (at: number) => Promise<void>): HTMLElement {
  const field = h('input', { type: 'datetime-local', id: 'clock-to', class: 'clock-to', required: '' });
  const form = h('form', {}, h('label', { for: 'clock-to' }, 'Move on to'), field, h('button', {}, 'Set the clock'));
  const opener = h('summary', {}, 'Set…');
  const details = h('details', { class: 'setter' }, opener, form);
  const close = () => {
    details.open = false;
    opener.focus();
  };
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    field.min = times.wall(now());
    field.value = times.wall(now() + 60_000);
    field.focus();
  });
  details.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const at = times.instant(field.value);
    if (at !== undefined) void moveTo(at).then(close);
  });
  return details;
}
