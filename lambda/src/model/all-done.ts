/**
 * As `Promise.all`, but it fails only once all of them have ended. What a function leaves under way is frozen with its
 * instance, and would go on in the middle of a later request, or hold up its calls.
 */
export async function allDone<T extends readonly unknown[] | []>(
  all: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(all);
  return Promise.all(all);
}
