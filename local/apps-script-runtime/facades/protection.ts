import type { Members } from '../script-context.ts';
import type { ProtectionFacts } from '../services/protection.ts';
import type { Area } from '../spreadsheet/a1.ts';
import { user } from './session.ts';
import type { Makers } from './spreadsheet-app.ts';
import type { Thread } from './thread.ts';

export function protectionFacade(
  { call, scriptContext }: Thread,
  makers: Makers,
  spreadsheetId: string,
  sheetId: number,
  protectionId: string,
): Members {
  const at = [spreadsheetId, sheetId, protectionId] as const;
  const facts = () => call('Protection.get', ...at) as ProtectionFacts;
  const rangeOf = (area: Area) => makers.rangeOf({ spreadsheetId, sheetId, ...area });
  const email = (one: string | Members) => (typeof one === 'string' ? one : (one.getEmail as () => string)());
  const done = (name: string, ...args: unknown[]) => {
    call(name, ...at, ...args);
    return self;
  };
  const self: Members = scriptContext.sealed('Protection', {
    getRange: () => rangeOf(facts().area),
    getDescription: () => facts().description,
    setDescription: (description: string) => done('Protection.set', { description }),
    isWarningOnly: () => facts().warningOnly,
    setWarningOnly: (warningOnly: boolean) => done('Protection.set', { warningOnly }),
    canEdit: () => facts().canEdit,
    canDomainEdit: () => facts().domainEdit,
    setDomainEdit: (domainEdit: boolean) => done('Protection.set', { domainEdit }),
    getEditors: () => scriptContext.list(Array.from(facts().editors, (one) => user(scriptContext, () => one))),
    addEditor: (one: string | Members) => done('Protection.addEditors', [email(one)]),
    addEditors: (emails: readonly (string | Members)[]) => done('Protection.addEditors', Array.from(emails, email)),
    removeEditors: (editors: readonly (string | Members)[]) =>
      done('Protection.removeEditors', Array.from(editors, email)),
    remove: () => void call('Protection.remove', ...at),
  });
  return self;
}
