import { createInterface } from 'node:readline/promises';
import { type Command, execute, type Terminal } from './command.ts';
import { printable } from './printable.ts';

/** The only file that knows the process it runs in. */

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${printable(line)}\n`),
  note: (line) => void process.stderr.write(`${printable(line)}\n`),
  outIsTerminal: process.stdout.isTTY === true,
  async ask(question) {
    if (!process.stdin.isTTY) return '';
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(printable(question));
    } finally {
      lines.close();
    }
  },
};

export async function start(command: Command): Promise<void> {
  process.exitCode = await execute(command, process.argv.slice(2), terminal);
}
