/** Where the stack says what it does: one line a call, for people. */
export type Say = (line: string) => void;

/** Runs a step that may take long and says when it is still under way. */
export async function withProgress<T>(say: Say, what: string, step: Promise<T>): Promise<T> {
  const began = Date.now();
  const timer = setInterval(() => {
    say(`${what} … ${Math.round((Date.now() - began) / 1000)} s`);
  }, 5_000);
  try {
    return await step;
  } finally {
    clearInterval(timer);
  }
}
