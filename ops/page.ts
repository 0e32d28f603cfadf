import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readBuiltConfig } from './built-config.ts';
import { pageCommand } from './page-command.ts';
import { start } from './terminal.ts';

/** `npm run page`: wiring. */
const folder = fileURLToPath(new URL('../page/', import.meta.url));

async function writeFiles(files: ReadonlyMap<string, string>): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(`${folder}${name}`, text);
  return folder;
}

await start(pageCommand({ readBuiltConfig, writeFiles, now: Date.now }));
