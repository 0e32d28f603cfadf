/** Runs `work` soon after it was asked for: never twice at once, and once more if it was asked for meanwhile. */
export function debounce(work: () => Promise<void>, delayMs: number): () => void {
  let state: 'idle' | 'waiting' | 'running' | 'again' = 'idle';
  const begin = () => {
    state = 'waiting';
    setTimeout(async () => {
      state = 'running';
      await work().catch(() => {});
      // TypeScript cannot see that another call changed it while this one waited.
      const wanted = (state as string) === 'again';
      state = 'idle';
      if (wanted) begin();
    }, delayMs);
  };
  return () => {
    if (state === 'idle') begin();
    else if (state === 'running') state = 'again';
  };
}
