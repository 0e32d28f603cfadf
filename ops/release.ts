import { releaseCommand } from './release-command.ts';
import { start } from './terminal.ts';

/** `npm run release`: wiring. */
await start(releaseCommand({ folder: process.cwd(), now: () => Date.now() }));
