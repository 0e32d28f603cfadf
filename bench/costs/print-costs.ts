import { quoteResults } from '../report/docs.ts';
import { measure } from './costs.ts';
import { report, SHEETS } from './day.ts';

console.log(report(await measure(new URL('../', import.meta.url), SHEETS)));
quoteResults();
