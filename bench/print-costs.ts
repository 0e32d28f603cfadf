import { measure } from './costs.ts';
import { report, SHEETS } from './day.ts';
import { quoteResults } from './docs.ts';

console.log(report(await measure(new URL('../', import.meta.url), SHEETS)));
quoteResults();
