import { runDueSteps } from './schedule/run-due-steps.ts';
import { readSettings } from './settings.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const deps = wire(settings);

/** Lambda's entry every minute: looks ahead past the next tick, and waits for the second of each step. */
export const handler = (): Promise<void> => runDueSteps(deps);
