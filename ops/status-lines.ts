import { MODE_WORDS } from '../contract/modes.ts';
import type { ServiceStatus } from '../contract/services.ts';

/** Each service in a line or two: what it is, since when and by whom, and how much of it is known. */
export const statusLines = (services: readonly ServiceStatus[]): string[] => services.flatMap(linesOf);

function linesOf({ title, mode, revision, since, by, plannedEnd, proof, targets, drift }: ServiceStatus): string[] {
  const told = since ? ` since ${since}${by ? ` by ${by}` : ''}` : '';
  const end = plannedEnd ? `, planned to open at ${plannedEnd}` : '';
  const lines = [`${title} is ${MODE_WORDS[mode]} (r${revision})${told}${end}.`];
  const waiting = targets.filter(({ state }) => state === 'pending');
  if (waiting.length > 0) {
    const where = waiting.map(({ target, code }) => (code ? `${target} (${code})` : target)).join(', ');
    lines.push(`  Not there yet: ${where}. It is driven on every minute.`);
  } else if (revision > 0) {
    lines.push(`  ${proofOf(proof)}`);
  }
  for (const { target, state, at } of drift) {
    lines.push(
      state === 'contested'
        ? `  Contested in ${target} since ${at}: somebody keeps changing its rules. A person must decide.`
        : `  Somebody changed the rules in ${target}; they were put back at ${at}.`,
    );
  }
  return lines;
}

function proofOf({ state, probes, agree, checkedAt, verifiedAt }: ServiceStatus['proof']): string {
  if (state === 'verified') return `Proven from outside at ${verifiedAt}.`;
  if (state === 'none') return 'Nobody proves it from outside: its config says verification: none.';
  return `Accepted, not proven: ${agree} of ${probes} probes agree${checkedAt ? ` (${checkedAt})` : ''}.`;
}
