import * as z from 'zod/mini';
import { connectBlock } from '../apps-script/src/api/connection.ts';
import { explain } from '../contract/parse.ts';
import { CommandError, type Terminal } from './command.ts';
import type { StackOutputs } from './stack-outputs.ts';

/** The block that the sheet's `connect()` takes. It holds a secret: it goes to a screen, never to a file or a log. */

export type Connections = Readonly<Record<string, StackOutputs & { readonly clientSecret: string }>>;

/** @throws CommandError - `connect()` would not take it. */
export function formatConnectBlock(connections: Connections): string {
  const environments = Object.fromEntries(
    Object.entries(connections).map(([name, { apiUrl, tokenUrl, clientId, clientSecret }]) => [
      name,
      { apiUrl, tokenUrl, clientId, clientSecret },
    ]),
  );
  const result = z.safeParse(connectBlock, { environments });
  if (result.success) return JSON.stringify({ environments });
  // What it was is left out: it may be the secret.
  throw new CommandError(
    `connect() would not take this block: ${explain(result.error, undefined).field} is not right. Look at the stack’s outputs.`,
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

export const WHERE_TO =
  'Put it into the Script Property CONNECT of the controller, and run connect() there: it removes the property again.';
