import { randomUUID } from 'node:crypto';
import { counted, type Service, type Trigger, type World } from '../service.ts';

const TRIGGERS = 'https://www.googleapis.com/auth/script.scriptapp';
/** For each user and script. */
const MOST_TRIGGERS = 20;
const EVERY_MINUTES = [1, 5, 10, 15, 30];

export type NewTrigger = Omit<Trigger, 'id' | 'owner'>;

/** An account sees only what it made itself. */
const ownOf = (triggers: World['triggers'], account: string): Trigger[] =>
  [...triggers.values()].filter(({ owner }) => owner === account);

export const SCRIPT_APP: Readonly<Record<string, Service>> = {
  'Trigger.create': counted(({ triggers }, { account, sheets }, facts: NewTrigger) => {
    if (ownOf(triggers, account).length >= MOST_TRIGGERS)
      throw new Error(
        'This script has too many triggers. Triggers must be deleted from the script before more can be added.',
      );
    if (facts.sourceId !== null) sheets.spreadsheet(facts.sourceId);
    if (facts.minutes !== undefined && !EVERY_MINUTES.includes(facts.minutes))
      throw new Error(
        `The value you passed to everyMinutes was invalid. It must be one of ${EVERY_MINUTES.join(', ')}.`,
      );
    const trigger: Trigger = { ...facts, id: randomUUID(), owner: account };
    triggers.set(trigger.id, trigger);
    return trigger;
  }, TRIGGERS),
  'Trigger.list': counted(({ triggers }, { account }) => ownOf(triggers, account), TRIGGERS),
  'Trigger.delete': counted(({ triggers }, { account }, id: string) => {
    if (ownOf(triggers, account).some((one) => one.id === id)) triggers.delete(id);
  }, TRIGGERS),
};
