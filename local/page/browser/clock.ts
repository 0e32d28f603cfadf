import { api } from './api.ts';
import { button, h, setText } from './dom.ts';
import type { Times } from './times.ts';

const MOVES = [
  ['+1 min', 'Move the clock 1 minute on', 60_000],
  ['+10 min', 'Move the clock 10 minutes on', 600_000],
  ['+1 h', 'Move the clock 1 hour on', 3_600_000],
] as const;

export interface ClockView {
  /** The stack's clock says this now. */
  set(now: string): void;
}

/** The local clock, running, with buttons that move it on. */
export function createClock(place: HTMLElement, times: Times, onProblem: (error: unknown) => void): ClockView {
  let aheadMs = 0;
  const face = h('time');
  const tick = () => {
    const now = Date.now() + aheadMs;
    setText(face, times.full(now));
    face.dateTime = new Date(now).toISOString();
  };
  const set = (now: string) => {
    aheadMs = Date.parse(now) - Date.now();
    tick();
  };
  const buttons = MOVES.map(([label, title, ms]) =>
    button(label, () => api.advanceClock(ms).then(({ now }) => set(now), onProblem), {
      // Whoever speaks to the page says what stands on the button.
      'aria-label': `${label}: ${title}`,
      title,
    }),
  );
  place.append(h('h2', { id: 'clock-title' }, 'Local clock'), face, h('div', { class: 'buttons' }, ...buttons));
  setInterval(tick, 500);
  return { set };
}
