import { MODE_WORDS } from '../contract/modes.ts';
import type { ServiceStatus } from '../contract/services.ts';
import { knownOf, modeWord, PROVEN_WORDS, UNCHECKED_WORDS } from '../lambda/src/words/service-words.ts';

/** Each service in a few lines: what was set, since when and by whom, and how much of it is known. */
export const statusLines = (services: readonly ServiceStatus[], now = Date.now()): string[] =>
  services.flatMap((service) => linesOf(service, now));

function linesOf(status: ServiceStatus, now: number): string[] {
  const { title, mode, revision, since, by, plannedEnd, armed = 0 } = status;
  const told = since ? ` since ${since}${by ? ` by ${by}` : ''}` : '';
  const end = plannedEnd ? `, planned to open at ${plannedEnd}` : '';
  const verb = modeWord(status, now) === PROVEN_WORDS[mode] ? 'is' : 'should be';
  const known = revision === 0 ? [] : knownOf(status, { now, formatTime: (iso) => iso });
  const waiting =
    armed === 0 ? [] : [`${armed === 1 ? '1 step is' : `${armed} steps are`} armed and will run by the clock.`];
  return [
    `${title} ${verb} ${MODE_WORDS[mode]} (r${revision})${told}${end}.`,
    ...[...known, ...waiting].map((line) => `  ${line}`),
  ];
}

/** Each service in one line, for a person who looks for one that stands out. */
export function serviceLines(services: readonly ServiceStatus[], now: number): string[] {
  const longest = Math.max(...services.map(({ service }) => service.length));
  return services.map((status) => {
    const { service, revision, since, by } = status;
    const told = since ? `  since ${since}${by ? ` by ${by}` : ''}` : '';
    return `${service.padEnd(longest)}  ${modeWord(status, now)}  r${revision}${told}`;
  });
}

/** What was set is what is known to be so, as far as anybody checks. */
export function isSettled(status: ServiceStatus, now: number): boolean {
  const word = modeWord(status, now);
  return word === PROVEN_WORDS[status.mode] || word === UNCHECKED_WORDS[status.mode];
}
