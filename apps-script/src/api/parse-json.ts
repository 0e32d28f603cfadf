// Its settings hold for every schema here: zod's faster way needs `Function`.
import '../../../contract/parse.ts';

/** Text that may not be JSON. The engine's own error would quote it, and it may be a secret. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
