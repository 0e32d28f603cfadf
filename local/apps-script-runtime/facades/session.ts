import type { Members, Realm } from '../realm.ts';
import type { Thread } from './thread.ts';

export const user = ({ sealed }: Realm, email: () => unknown): Members => sealed('User', { getEmail: email });

/** Triggers run as who installed them: the active user is the effective one. */
export function session({ call, realm, timeZone }: Thread): Members {
  const account = () => user(realm, () => call('Session.account'));
  return realm.sealed('Session', {
    getEffectiveUser: account,
    getActiveUser: account,
    getScriptTimeZone: () => timeZone,
  });
}
