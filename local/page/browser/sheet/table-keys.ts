import type { Cell, CellInput } from './cell.ts';
import type { Position } from './table.ts';

/** The arrow keys as in a spreadsheet, Enter to the next row. A list opens or filters; it never changes by a stray key. */
export function moveByKeys(event: KeyboardEvent, cells: readonly (readonly Cell[])[], at: Position | undefined): void {
  if (!at || event.ctrlKey || event.metaKey || event.isComposing) return;
  const input = event.target as CellInput;
  const isChoice = input instanceof HTMLSelectElement;
  if (isChoice && isLetter(event)) {
    event.preventDefault();
    cells[at.row - 2]?.[at.column - 1]?.goOnTyping(event.key);
    return;
  }
  if (isChoice && opensList(event)) {
    event.preventDefault();
    input.showPicker();
    return;
  }
  const step = stepOf(event, isChoice ? undefined : input);
  const next = step && cells[at.row - 2 + step[0]]?.[at.column - 1 + step[1]]?.input;
  if (!step) return;
  event.preventDefault();
  if (next) next.focus();
  else input.blur();
  if (next && !(next instanceof HTMLSelectElement)) next.select();
}

/** As everywhere: Ctrl+Z, and Ctrl+Y or Ctrl+Shift+Z. */
export function historyKey({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!ctrlKey && !metaKey) return undefined;
  const letter = key.toLowerCase();
  if (letter === 'y') return 'redo';
  return letter === 'z' ? (shiftKey ? 'redo' : 'undo') : undefined;
}

/** Browsers take letters for choices in a closed list: a stray key would set a step to Go. */
const isLetter = ({ key, altKey }: KeyboardEvent): boolean => key.length === 1 && key !== ' ' && !altKey;

const opensList = ({ key, altKey }: KeyboardEvent): boolean =>
  key === 'Enter' || key === 'F2' || key === ' ' || (altKey && key === 'ArrowDown');

/** Rows and columns to move by; inside a text the arrows belong to the caret until it is at the end. */
function stepOf(
  { key, shiftKey, altKey }: KeyboardEvent,
  text: HTMLInputElement | HTMLTextAreaElement | undefined,
): readonly [number, number] | undefined {
  if (altKey) return undefined;
  const atStart = !text || (text.selectionStart === 0 && text.selectionEnd === 0);
  const atEnd = !text || (text.selectionStart === text.value.length && text.selectionEnd === text.value.length);
  if (key === 'Enter') return [shiftKey ? -1 : 1, 0];
  if (shiftKey) return undefined;
  if (key === 'ArrowDown') return [1, 0];
  if (key === 'ArrowUp') return [-1, 0];
  if (key === 'ArrowLeft' && atStart) return [0, -1];
  if (key === 'ArrowRight' && atEnd) return [0, 1];
  return undefined;
}
