import config from '../drawbridge.config.ts';
import { createApp } from './create-app.ts';
import { summarise } from './summary.ts';

/** What the CDK command runs: every environment of drawbridge.config.ts. It looks nothing up, so it needs no account. */
const app = createApp(config);
app.synth();
for (const line of summarise(app)) console.log(line);
