const EVERY_MS = 100;

/** Waits until something holds that another execution brings about; what did not hold at the end is the failure. */
export async function eventually(holds: () => void | Promise<void>, withinMs = 20_000): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      await holds();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
