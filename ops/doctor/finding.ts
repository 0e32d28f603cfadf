import { isForbidden } from '../command.ts';

/** What one look at one hop of the deployed path came to. */
export interface Finding {
  readonly state: 'well' | 'broken' | 'unknown';
  readonly what: string;
  /** What to do; for `unknown`, what is needed to look. */
  readonly remedy?: string;
}

export const well = (what: string): Finding => ({ state: 'well', what });
export const broken = (what: string, remedy: string): Finding => ({ state: 'broken', what, remedy });

const SIGNS: Readonly<Record<Finding['state'], string>> = { well: '✓', broken: '✗', unknown: '–' };

export const lineOf = ({ state, what, remedy }: Finding): string =>
  `${SIGNS[state]} ${what}${remedy ? ` ${state === 'broken' ? '→ ' : ''}${remedy}` : ''}`;

/** These credentials may not look: nothing is known. */
export class MayNotLook extends Error {
  override readonly name = 'MayNotLook';
  readonly permission: string;

  constructor(permission: string) {
    super(`needs ${permission}`);
    this.permission = permission;
  }
}

/** @throws MayNotLook - AWS does not allow the call. */
export async function withPermission<T>(permission: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (isForbidden(error)) throw new MayNotLook(permission);
    throw error;
  }
}

export const unknown = (what: string, { permission }: MayNotLook): Finding => ({
  state: 'unknown',
  what: `${what}:`,
  remedy: `not checked: needs ${permission}`,
});

/** Whatever is not allowed is told as not checked, and the walk goes on. */
export async function ifAllowed(what: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof MayNotLook)) throw error;
    return [unknown(what, error)];
  }
}
