import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
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
  async askSecrets(questions) {
    const isTyped = process.stdin.isTTY === true;
    // What is typed is echoed to nowhere.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: nowhere, terminal: isTyped });
    const given: string[] = [];
    const each = lines[Symbol.asyncIterator]();
    for (const question of questions) {
      if (isTyped) process.stderr.write(`${question}: `);
      const { value, done } = await each.next();
      if (isTyped) process.stderr.write('\n');
      given.push(done ? '' : value);
    }
    lines.close();
    return given;
  },
};

export async function start(command: Command): Promise<void> {
  process.exitCode = await execute(command, process.argv.slice(2), terminal);
}
