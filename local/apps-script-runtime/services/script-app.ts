import { randomUUID } from 'node:crypto';
import { counted, type Service, type Trigger } from '../service.ts';

const TRIGGERS = 'https://www.googleapis.com/auth/script.scriptapp';
/** For each user and script. */
const MOST_TRIGGERS = 20;
const EVERY_MINUTES = [1, 5, 10, 15, 30];

export const SCRIPT_APP: Readonly<Record<string, Service>> = {
  'Trigger.create': counted(({ triggers, spreadsheets }, _caller, facts: Omit<Trigger, 'id'>) => {
    if (triggers.size >= MOST_TRIGGERS)
      throw new Error(
        'This script has too many triggers. Triggers must be deleted from the script before more can be added.',
      );
    if (facts.sourceId !== null) spreadsheets.get(facts.sourceId);
    if (facts.minutes !== undefined && !EVERY_MINUTES.includes(facts.minutes))
      throw new Error(
        `The value you passed to everyMinutes was invalid. It must be one of ${EVERY_MINUTES.join(', ')}.`,
      );
    const trigger: Trigger = { ...facts, id: randomUUID() };
    triggers.set(trigger.id, trigger);
    return trigger;
  }, TRIGGERS),
  'Trigger.list': counted(({ triggers }) => [...triggers.values()], TRIGGERS),
  'Trigger.delete': counted(({ triggers }, _caller, id: string) => {
    triggers.delete(id);
  }, TRIGGERS),
};
