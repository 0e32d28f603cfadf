import { benchClosing } from './closing.ts';
import { benchEditToDone } from './edit-to-done.ts';

/** `npm run bench`: side by side, in one run. Nothing here is asserted in a test: machines differ. */

const dist = new URL('../', import.meta.url);
const BENCHES: Readonly<Record<string, () => Promise<string>>> = {
  closing: benchClosing,
  'edit-to-done': () => benchEditToDone(dist),
};

const wanted = process.argv[2];
if (wanted !== undefined && !(wanted in BENCHES)) {
  console.error(`There is no bench "${wanted}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted === undefined || wanted === name) console.log(`${name}\n\n${await bench()}\n`);
  }
}
