import { button, h, setText } from '../dom.ts';
import { type Seen, stepAfter, TOUR } from './tour-steps.ts';

const REMEMBERED = 'drawbridge-tour';

/** Leads a first visit through Go; dismissed or done, it never comes back by itself. */
export function createTour(place: HTMLElement) {
  let at = Number(localStorage.getItem(REMEMBERED) ?? 0);
  const text = h('p', { role: 'status' });
  const count = h('span', { class: 'quiet' });
  const next = button('Next', () => goTo(at + 1));
  const end = button('No thanks', () => goTo(TOUR.length));
  place.append(count, text, next, end);

  function goTo(step: number): void {
    at = step;
    localStorage.setItem(REMEMBERED, String(at));
    show();
  }

  function show(): void {
    const step = TOUR[at];
    place.hidden = step === undefined;
    if (!step) return;
    setText(count, `${at + 1} of ${TOUR.length}`);
    setText(text, step.text);
    setText(next, at === TOUR.length - 1 ? 'Done' : step.isDone ? 'Skip' : 'Next');
    end.hidden = at === TOUR.length - 1;
  }

  show();
  return {
    /** What the rundown says by now. */
    see(seen: Seen): void {
      const step = at < TOUR.length ? stepAfter(at, seen) : at;
      if (step !== at) goTo(step);
    },
  };
}
