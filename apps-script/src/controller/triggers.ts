/** Which triggers there must be: one of each, and no more. */

export const HANDLERS = { rundown: 'onRundownEdit', control: 'onControlEdit', minute: 'onMinute' } as const;
/** A user may have so many for one script. @see https://developers.google.com/apps-script/guides/services/quotas */
export const MOST_TRIGGERS = 20;
/** Two are the controller's own. */
export const MOST_SHEETS = MOST_TRIGGERS - 2;

export interface Wanted {
  readonly control: string;
  readonly sheets: readonly string[];
}

export interface Found {
  readonly missing: readonly string[];
  readonly superfluous: number;
  readonly total: number;
}

type Trigger = GoogleAppsScript.Script.Trigger;

const keyOf = (trigger: Trigger): string => {
  const handler = trigger.getHandlerFunction();
  return handler === HANDLERS.minute ? handler : `${handler} ${trigger.getTriggerSourceId() ?? ''}`;
};

const wantedKeys = ({ control, sheets }: Wanted): string[] => [
  HANDLERS.minute,
  ...(control === '' ? [] : [`${HANDLERS.control} ${control}`]),
  ...sheets.map((id) => `${HANDLERS.rundown} ${id}`),
];

const OURS: readonly string[] = Object.values(HANDLERS);

export function findTriggers(wanted: Wanted): Found {
  const present = ScriptApp.getProjectTriggers().filter((trigger) => OURS.includes(trigger.getHandlerFunction()));
  const keys = present.map(keyOf);
  const missing = wantedKeys(wanted).filter((key) => !keys.includes(key));
  const superfluous = keys.filter((key, at) => keys.indexOf(key) !== at || !wantedKeys(wanted).includes(key)).length;
  return { missing, superfluous, total: present.length };
}

/** Makes what is missing and takes away what is too many. Run again, it changes nothing. */
export function settleTriggers(wanted: Wanted): void {
  const keys = wantedKeys(wanted);
  const kept = new Set<string>();
  for (const trigger of ScriptApp.getProjectTriggers()) {
    if (!OURS.includes(trigger.getHandlerFunction())) continue;
    const key = keyOf(trigger);
    if (kept.has(key) || !keys.includes(key)) ScriptApp.deleteTrigger(trigger);
    else kept.add(key);
  }
  for (const key of keys.filter((one) => !kept.has(one))) {
    const [handler = '', source] = key.split(' ');
    if (source === undefined) ScriptApp.newTrigger(handler).timeBased().everyMinutes(1).create();
    else ScriptApp.newTrigger(handler).forSpreadsheet(source).onEdit().create();
  }
}
