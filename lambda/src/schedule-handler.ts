import { createInvokeFunction } from './invoke/invoke-function.ts';
import { runDueSteps } from './schedule/run-due-steps.ts';
import { readDriver, readSettings } from './settings.ts';
import { wire } from './wiring.ts';

const settings = readSettings();
const driver = readDriver();
const deps = wire(settings, driver && createInvokeFunction(driver));

/** Lambda's entry every minute: looks ahead past the next tick, and waits for the second of each step. */
export const handler = (): Promise<void> => runDueSteps(deps);
