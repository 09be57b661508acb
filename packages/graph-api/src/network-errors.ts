/** The code of a network error, from wherever it sits in the chain of causes. */
export function nameOf(error: unknown): string {
  let at = error;
  while (typeof at === 'object' && at !== null) {
    const { code, name, cause } = at as { code?: unknown; name?: unknown; cause?: unknown };
    if (typeof code === 'string') return code;
    if (name === 'TimeoutError') return 'time-out';
    if (name === 'AbortError') return 'aborted';
    at = cause;
  }
  return 'unknown error';
}
