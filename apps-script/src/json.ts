/** Text that may not be JSON. The engine's own error would quote it, and it may be a secret. */
export function fromJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
