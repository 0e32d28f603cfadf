/**
 * A canvas that reads every key would be a trap for people without a mouse. So it has a frame that the keyboard passes as it
 * passes everything else: Enter goes into the sheet, Escape comes back to the frame, and nothing takes the keyboard unasked.
 */
export interface Guarded {
  /** Escape ends that first. */
  isEditing(): boolean;
  /** From the frame to the cells. */
  enter(): void;
  /** From the frame to what comes after the sheet. */
  leave(): void;
}

const HELP = 'The sheet. Enter goes into it, Escape comes out of it. Show as a plain table reads it.';

/** @returns What lets the keyboard in for once: the person asked for a cell by other means. */
export function guardKeyboard(frame: HTMLElement, { isEditing, enter, leave }: Guarded): () => void {
  frame.tabIndex = 0;
  frame.setAttribute('role', 'application');
  frame.setAttribute('aria-label', HELP);
  let isInside = false;
  frame.addEventListener('pointerdown', () => {
    isInside = true;
  });
  frame.addEventListener('focusin', ({ target, relatedTarget }) => {
    if (target === frame) isInside = false;
    else if (isInside) return;
    // Somebody who tabs backwards stops at the frame; what comes by itself goes nowhere.
    else if (relatedTarget) frame.focus();
    else (target as HTMLElement).blur();
  });
  frame.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget !== null && !frame.contains(relatedTarget as Node)) isInside = false;
  });
  const keys: Readonly<Record<string, () => void>> = {
    Enter() {
      isInside = true;
      enter();
    },
    // Past what lies within the frame.
    Tab: leave,
  };
  frame.addEventListener(
    'keydown',
    (event) => {
      const isOut = event.key === 'Escape' && event.target !== frame && !isEditing();
      const act = isOut ? () => frame.focus() : event.target === frame && !event.shiftKey ? keys[event.key] : undefined;
      if (!act) return;
      event.stopPropagation();
      event.preventDefault();
      act();
    },
    { capture: true },
  );
  return () => {
    isInside = true;
  };
}
