import { measure } from './costs.ts';
import { report } from './day.ts';

console.log(report(await measure(new URL('../', import.meta.url))));
