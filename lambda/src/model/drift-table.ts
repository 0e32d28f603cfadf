/**
 * What is known of a target since a person last decided, and what each finding makes of it: the only table of drift states.
 * docs/architecture.md draws the same transitions, and a test compares the two. What is not listed changes nothing.
 *
 * Three questions, each with an answer of its own at any time: whose rules they are, whether they can be read, and
 * whether visitors get in.
 */

interface Machine {
  readonly known: string;
  readonly on: string;
}

interface Row<M extends Machine> {
  readonly from: M['known'];
  readonly on: M['on'];
  readonly to: M['known'];
  /** `write`: our rules are written again. `tell`: it is audited, and people are told. */
  readonly does?: 'write' | 'tell';
}

/** Whose rules they are. */
export interface Rules extends Machine {
  /** `repairing`: noted before the write, so that a crash cannot hide a repair. `unrepaired`: WAF did not take it. */
  readonly known: 'as written' | 'repairing' | 'unrepaired' | 'repaired' | 'contested';
  /**
   * `stale`: ours, of a moment ago. `modified`: somebody else changed it. `written`, `not-taken`: what became of the write
   * that followed.
   */
  readonly on: 'in-sync' | 'stale' | 'modified' | 'written' | 'not-taken';
}

/** Whether the rule group can be read. */
export interface Reading extends Machine {
  /** `missed`: once, which a busy firewall explains. */
  readonly known: 'readable' | 'missed' | 'unreadable' | 'gone';
  /** `no-answer`: busy or out of reach, so it may pass. `denied`, `missing`: it will not pass by itself. */
  readonly on: 'read' | 'no-answer' | 'denied' | 'missing';
}

/** Whether visitors get in to what is closed. */
export interface Outside extends Machine {
  /** `open once`: which a change that is still spreading explains. */
  readonly known: 'shut' | 'open once' | 'bypassed';
  /** `unclear`: neither all probes agree, nor does one get in. `rules-repaired`: what was seen before says nothing now. */
  readonly on: 'agreed' | 'got-in' | 'unclear' | 'rules-repaired';
}

interface Machines {
  readonly rules: Rules;
  readonly reading: Reading;
  readonly outside: Outside;
}

export const DRIFT_TABLE: { readonly [Question in keyof Machines]: readonly Row<Machines[Question]>[] } = {
  rules: [
    { from: 'as written', on: 'stale', to: 'as written', does: 'write' },
    { from: 'as written', on: 'modified', to: 'repairing', does: 'write' },
    { from: 'repairing', on: 'stale', to: 'repairing', does: 'write' },
    { from: 'repairing', on: 'modified', to: 'repairing', does: 'write' },
    { from: 'repairing', on: 'in-sync', to: 'repaired', does: 'tell' },
    { from: 'repairing', on: 'written', to: 'repaired', does: 'tell' },
    { from: 'repairing', on: 'not-taken', to: 'unrepaired', does: 'tell' },
    { from: 'unrepaired', on: 'stale', to: 'unrepaired', does: 'write' },
    { from: 'unrepaired', on: 'modified', to: 'unrepaired', does: 'write' },
    { from: 'unrepaired', on: 'in-sync', to: 'repaired', does: 'tell' },
    { from: 'unrepaired', on: 'written', to: 'repaired', does: 'tell' },
    { from: 'repaired', on: 'stale', to: 'repaired', does: 'write' },
    // Repaired once; a second change has a reason that a person must hear.
    { from: 'repaired', on: 'modified', to: 'contested', does: 'tell' },
  ],
  reading: [
    { from: 'readable', on: 'no-answer', to: 'missed' },
    { from: 'readable', on: 'denied', to: 'unreadable', does: 'tell' },
    { from: 'readable', on: 'missing', to: 'gone', does: 'tell' },
    { from: 'missed', on: 'read', to: 'readable' },
    { from: 'missed', on: 'no-answer', to: 'unreadable', does: 'tell' },
    { from: 'missed', on: 'denied', to: 'unreadable', does: 'tell' },
    { from: 'missed', on: 'missing', to: 'gone', does: 'tell' },
    { from: 'unreadable', on: 'read', to: 'readable' },
    { from: 'unreadable', on: 'missing', to: 'gone', does: 'tell' },
    { from: 'gone', on: 'read', to: 'readable' },
  ],
  outside: [
    { from: 'shut', on: 'got-in', to: 'open once' },
    { from: 'open once', on: 'agreed', to: 'shut' },
    { from: 'open once', on: 'unclear', to: 'shut' },
    { from: 'open once', on: 'rules-repaired', to: 'shut' },
    { from: 'open once', on: 'got-in', to: 'bypassed', does: 'tell' },
    { from: 'bypassed', on: 'agreed', to: 'shut' },
    { from: 'bypassed', on: 'rules-repaired', to: 'shut' },
  ],
};

/** What a finding makes of what is known. */
export interface Transition<Known> {
  readonly to: Known;
  readonly does?: 'write' | 'tell' | undefined;
}

export function transition<Question extends keyof Machines>(
  question: Question,
  known: Machines[Question]['known'],
  found: Machines[Question]['on'],
): Transition<Machines[Question]['known']> {
  const row = DRIFT_TABLE[question].find(({ from, on }) => from === known && on === found);
  return row ? { to: row.to, does: row.does } : { to: known };
}
