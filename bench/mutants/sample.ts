import { createHash } from 'node:crypto';

interface Place {
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
  readonly replacement?: string;
}

/** One in so many mutants, by chance, and always the same ones while their code stays where it is. */
export function isInSample(file: string, { location: { start }, replacement }: Place, oneIn: number): boolean {
  const path = file.replace(/^\/*/, '').replaceAll('\\', '/');
  const digest = createHash('sha256').update(`${path} ${start.line} ${start.column} ${replacement}`).digest();
  return digest.readUInt32BE() % oneIn === 0;
}
