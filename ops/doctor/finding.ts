import { isForbidden } from '../command.ts';

/** What checking one hop of the deployed path came to. */
export interface Finding {
  readonly state: 'ok' | 'broken' | 'unknown';
  readonly what: string;
  /** What to do; for `unknown`, what is needed to check it. */
  readonly remedy?: string;
}

export const ok = (what: string): Finding => ({ state: 'ok', what });
export const broken = (what: string, remedy: string): Finding => ({ state: 'broken', what, remedy });

const SIGNS: Readonly<Record<Finding['state'], string>> = { ok: '✓', broken: '✗', unknown: '–' };

export const lineOf = ({ state, what, remedy }: Finding): string =>
  `${SIGNS[state]} ${what}${remedy ? ` ${state === 'broken' ? '→ ' : ''}${remedy}` : ''}`;

/** These credentials may not read it: nothing is known. */
export class NotPermittedError extends Error {
  override readonly name = 'NotPermittedError';
  readonly permission: string;

  constructor(permission: string) {
    super(`needs ${permission}`);
    this.permission = permission;
  }
}

/** @throws NotPermittedError - AWS does not allow the call. */
export async function withPermission<T>(permission: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isForbidden(error)) throw new NotPermittedError(permission);
    throw error;
  }
}

export const unknown = (what: string, { permission }: NotPermittedError): Finding => ({
  state: 'unknown',
  what: `${what}:`,
  remedy: `not checked: needs ${permission}`,
});

/** Whatever is not allowed is reported as not checked, and the checks go on. */
export async function ifAllowed(what: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof NotPermittedError)) throw error;
    return [unknown(what, error)];
  }
}
