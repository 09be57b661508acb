/** Waits until the check passes, up to a minute; then fails as the check does. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  for (const until = Date.now() + 60_000; ; await new Promise((later) => setTimeout(later, 50))) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}
