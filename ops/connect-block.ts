import * as z from 'zod/mini';
import { connectBlock } from '../apps-script/src/api/connection.ts';
import type { Config } from '../config/schema.ts';
import { explain } from '../contract/parse.ts';
import { CommandError, type Terminal } from './command.ts';
import type { StackOutputs } from './stack-outputs.ts';

/** The block that the script's `connect()` takes. It holds a secret: it goes to a screen, never to a file or a log. */

export type Connections = Readonly<Record<string, StackOutputs & { readonly clientSecret: string }>>;

/** @throws CommandError - `connect()` would not take it. */
export function formatConnectBlock(config: Config, connections: Connections): string {
  const { admins } = config;
  const environments = Object.fromEntries(
    Object.entries(connections).map(([name, { apiUrl, tokenUrl, clientId, clientSecret }]) => {
      const production = config.environments[name]?.production ?? false;
      return [name, { apiUrl, tokenUrl, clientId, clientSecret, production }];
    }),
  );
  const block = { controller: controllerOf(config), admins, environments };
  const result = z.safeParse(connectBlock, block);
  if (result.success) return JSON.stringify(block);
  // What it was is left out: it may be the secret.
  throw new CommandError(
    `connect() would not take this block: ${explain(result.error, undefined).field} is not right. Look at the stack’s outputs.`,
  );
}

/** @throws CommandError - Without it anybody who may open the script could connect it first. */
export function controllerOf({ controller }: Config): string {
  if (controller !== undefined) return controller;
  throw new CommandError(
    'drawbridge.config.ts names no controller: the Google account that runs the script, and the only one that connect() ' +
      'takes the block from. Name it, and run this again.',
  );
}

/** @throws CommandError - It would not go to a screen. */
export function refuseFiles(terminal: Terminal, pipe: boolean): void {
  if (terminal.outIsTerminal) return;
  if (!pipe) {
    throw new CommandError(
      'The block holds a secret, and the output is no terminal. Run it in one; or give --pipe to hand it to a program.',
    );
  }
  terminal.note('Careful: the block that follows holds a secret. Let it end in no file and no log.');
}

export const whereTo = (config: Config): string =>
  `Put it into the Script Property CONNECT of the controller, and run connect() there as ${controllerOf(config)}: it ` +
  'removes the property again.';
