import type { Terminal } from '../../../ops/command.ts';

/** A terminal that remembers what it was told, and types what a test says. */
export function fakeTerminal(types = '', outIsTerminal = true) {
  const out: string[] = [];
  const notes: string[] = [];
  const asked: string[] = [];
  const terminal: Terminal = {
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
    outIsTerminal,
    async ask(question) {
      asked.push(question);
      return types;
    },
    async askSecrets(questions) {
      asked.push(...questions);
      return types.split('\n');
    },
  };
  return { ...terminal, lines: { out, notes, asked }, text: () => [...out, ...notes].join('\n') };
}
