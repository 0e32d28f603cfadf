import type { Members } from '../script-context.ts';
import type { Trigger } from '../service.ts';
import type { Thread } from './thread.ts';

export function scriptApp({ call, scriptContext }: Thread): Members {
  const { sealed } = scriptContext;

  const trigger = ({ id, handler, sourceId }: Trigger): Members =>
    sealed('Trigger', {
      getUniqueId: () => id,
      getHandlerFunction: () => handler,
      getTriggerSourceId: () => sourceId,
    });

  const creating = (builder: string, facts: Omit<Trigger, 'id' | 'owner'>): Members =>
    sealed(builder, { create: () => trigger(call('Trigger.create', facts) as Trigger) });

  const newTrigger = (handler: string): Members =>
    sealed('TriggerBuilder', {
      forSpreadsheet(target: string | Members) {
        const sourceId = typeof target === 'string' ? target : (target.getId as () => string)();
        const builder = 'SpreadsheetTriggerBuilder';
        return sealed(builder, { onEdit: () => creating(builder, { handler, source: 'SPREADSHEETS', sourceId }) });
      },
      timeBased() {
        const builder = 'ClockTriggerBuilder';
        return sealed(builder, {
          everyMinutes: (minutes: number) => creating(builder, { handler, source: 'CLOCK', sourceId: null, minutes }),
        });
      },
    });

  return sealed('ScriptApp', {
    AuthMode: sealed('AuthMode', {
      NONE: 'NONE',
      CUSTOM_FUNCTION: 'CUSTOM_FUNCTION',
      LIMITED: 'LIMITED',
      FULL: 'FULL',
    }),
    /** Whoever runs a script here has granted all that its manifest asks for. */
    requireAllScopes: () => undefined,
    newTrigger,
    getProjectTriggers: () => scriptContext.list((call('Trigger.list') as Trigger[]).map(trigger)),
    deleteTrigger: (one: Members) => void call('Trigger.delete', (one.getUniqueId as () => string)()),
  });
}
