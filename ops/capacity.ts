import { setTimeout as sleep } from 'node:timers/promises';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { readBuiltConfig } from './built-config.ts';
import { capacityCommand } from './capacity-command.ts';
import { start } from './terminal.ts';
import { wafReader } from './waf-reader.ts';

/** `npm run capacity`: wiring. */
const time = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
await start(capacityCommand({ readBuiltConfig, waf: wafReader((region) => new WAFV2Client({ region }), time) }));
