import { h, optionsOf } from '../dom.ts';

const PEOPLE = [
  ['release.manager@example.com', 'Release manager (operator)'],
  ['duty.manager@example.com', 'Duty manager (operator)'],
  ['intern@example.com', 'Intern (no operator)'],
  ['', 'Nobody named'],
] as const;

const REMEMBERED = 'drawbridge.person';

/** The picker of who is editing; remembered for this browser tab. */
export function createPeople(place: HTMLElement): { current(): string } {
  const select = h('select', { id: 'who' }, ...optionsOf(PEOPLE));
  select.value = sessionStorage.getItem(REMEMBERED) ?? PEOPLE[0][0];
  const address = h('span', { class: 'quiet', 'aria-live': 'polite' });
  const show = () => {
    sessionStorage.setItem(REMEMBERED, select.value);
    address.textContent = select.value || 'the sheet gives no address';
  };
  select.addEventListener('change', show);
  show();
  place.append(h('label', { for: 'who' }, 'Editing as'), select, address);
  return { current: () => select.value };
}
