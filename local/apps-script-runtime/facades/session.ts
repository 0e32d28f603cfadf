import type { Members, ScriptContext } from '../script-context.ts';
import type { Thread } from './thread.ts';

export const user = ({ sealed }: ScriptContext, email: () => unknown): Members => sealed('User', { getEmail: email });

/** Triggers run as who installed them: the active user is the effective one. */
export function session({ call, scriptContext }: Thread): Members {
  const account = () => user(scriptContext, () => call('Session.account'));
  return scriptContext.sealed('Session', {
    getEffectiveUser: account,
  });
}
