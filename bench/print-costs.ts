import { measure, report } from './costs.ts';

console.log(report(await measure(new URL('../', import.meta.url))));
