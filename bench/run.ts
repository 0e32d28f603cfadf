import { benchClose } from './close/close-report.ts';
import { measure } from './costs/costs.ts';
import { report, SHEETS } from './costs/day.ts';
import { benchLambda } from './lambda/lambda.ts';
import { benchLoad } from './load/load-report.ts';
import { benchPath } from './path/path-report.ts';
import { benchClosings } from './proof/closings.ts';
import { benchProof } from './proof/proof.ts';
import { quoteResults } from './report/docs.ts';
import { benchScale } from './scale/scale-report.ts';

/**
 * `npm run bench`: side by side, in one run, within ten minutes on two cores; one of them: `npm run bench -- close`. Nothing
 * here is asserted in a test: machines differ. A number behind the name makes it longer: `npm run bench -- proof 100000`.
 */

const dist = new URL('../', import.meta.url);
const BENCHES: Readonly<Record<string, (count?: number) => Promise<string> | string>> = {
  close: () => benchClose(),
  path: (rounds) => benchPath(dist, rounds),
  costs: async () => report(await measure(dist, SHEETS)),
  scale: () => benchScale(),
  proof: benchProof,
  closings: benchClosings,
  lambda: (rounds) => benchLambda(dist, rounds),
  load: (rounds) => benchLoad(dist, rounds),
};

const [wanted, count] = process.argv.slice(2);
if (wanted !== undefined && !(wanted in BENCHES)) {
  console.error(`There is no bench "${wanted}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
} else if (count !== undefined && !(Number(count) >= 1)) {
  console.error(`How many? "${count}" is no number.`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted !== undefined && wanted !== name) continue;
    const from = performance.now();
    console.log(`${name}\n\n${await bench(count === undefined ? undefined : Math.floor(Number(count)))}`);
    console.log(`\n(${((performance.now() - from) / 1_000).toFixed(0)} s)\n`);
  }
  quoteResults();
}
