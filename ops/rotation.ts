import type { LiveSecret } from './machine-client.ts';

/**
 * How a client secret is replaced while the sheet goes on working. Pure.
 *
 * Cognito tells when a secret was made, and neither its value nor whether it is used. So a person says that `connect()`
 * ran; and as the sheet may live on a cached token, its work proves the newer secret only after that token's lifetime.
 */
export type Rotation =
  | { readonly do: 'add' }
  /** The newer one was lost before anybody used it. */
  | { readonly do: 'replace'; readonly remove: LiveSecret }
  | { readonly do: 'remove'; readonly remove: LiveSecret }
  | { readonly do: 'nothing'; readonly why: string }
  | { readonly do: 'refuse'; readonly why: string };

export interface RotationOptions {
  readonly again: boolean;
  readonly finish: boolean;
  /** The older secret is known to strangers: it must not live on for the sake of a sheet. */
  readonly leaked: boolean;
}

export interface RotationFacts {
  /** Oldest first; Cognito lets two live at most. */
  readonly secrets: readonly LiveSecret[];
  readonly tokenLifetimeMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function planRotation(request: RotationOptions, facts: RotationFacts): Rotation {
  return request.finish ? planFinish(request, facts) : planBegin(request, facts);
}

function planBegin({ again }: RotationOptions, { secrets }: RotationFacts): Rotation {
  const newer = secrets[1];
  if (!newer) return { do: 'add' };
  if (again) return { do: 'replace', remove: newer };
  return {
    do: 'refuse',
    why:
      'Two secrets live already: the rotation has begun. If connect() ran with the newer one, go on with --finish. ' +
      'If the newer one was lost before anybody used it, replace it with --again.',
  };
}

function planFinish({ leaked }: RotationOptions, { secrets, tokenLifetimeMs, now }: RotationFacts): Rotation {
  const [older, newer] = secrets;
  if (!older || !newer) {
    return { do: 'nothing', why: 'Only one secret lives: there is no older one to remove.' };
  }
  const ripeAt = newer.createdAt.getTime() + tokenLifetimeMs;
  if (!leaked && now < ripeAt) {
    return {
      do: 'refuse',
      why:
        `Until ${new Date(ripeAt).toISOString()} the sheet may work with a token of the older secret, so nobody can see ` +
        'whether connect() ran with the newer one. Wait; or give --leaked if strangers know the older one.',
    };
  }
  return { do: 'remove', remove: older };
}
