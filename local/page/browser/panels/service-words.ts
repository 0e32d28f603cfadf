import type { ServiceStatus } from '../../../../contract/services.ts';
import { knownOf, modeWord, PROVEN_WORDS, UNSURE_WORD } from '../../../../lambda/src/words/service-words.ts';

/** What the panel shows of a service: the words of the sheet's board, and how loud they are. */
export interface Claim {
  readonly word: string;
  readonly text: string;
  /** `broken`: proven, and yet people do not get what they want. `trouble`: nothing can be said until a person acts. */
  readonly level: 'untouched' | 'proven' | 'broken' | 'unproven' | 'trouble';
}

export function claimOf(status: ServiceStatus, now: number, formatTime: (at: string) => string): Claim {
  const word = modeWord(status, now);
  return { word, text: knownOf(status, { now, formatTime }).join(' '), level: levelOf(status, word) };
}

function levelOf({ revision, mode, proof }: ServiceStatus, word: string): Claim['level'] {
  if (word === UNSURE_WORD) return 'trouble';
  if (revision === 0) return 'untouched';
  if (word !== PROVEN_WORDS[mode]) return 'unproven';
  return (proof.siteStatuses ?? []).some((code) => code >= 500) ? 'broken' : 'proven';
}
