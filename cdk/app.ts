import { committedConfig } from '../config/committed.ts';
import { notesOn } from '../config/notes.ts';
import { checkCeilings, sizesOf } from './ceilings.ts';
import { createApp } from './create-app.ts';
import { summarise } from './summary.ts';

/** What the CDK command runs: every environment of drawbridge.config.ts. It looks nothing up, so it needs no account. */
try {
  // A config that is not right says so while it is read.
  const config = committedConfig(await import('../drawbridge.config.ts'));
  const app = createApp(config);
  checkCeilings(sizesOf(app.synth()));
  for (const line of summarise(app)) console.log(line);
  for (const note of notesOn(config)) console.warn(`drawbridge.config.ts: ${note}`);
} catch (error) {
  const { name, message } = error as Error;
  // A mistake of the config's is one line with its remedy; of anything else, people need the place.
  console.error(['ConfigError', 'CeilingError'].includes(name) ? message : error);
  process.exitCode = 1;
}
