/** A part of a service. Parts start in the order they are listed and stop in reverse. */
export interface Component {
  readonly name: string;
  /** Resolves when the part can do its work. Retries for as long as a dependency is away; rejects on a bug. */
  readonly start: () => Promise<void>;
  /**
   * Finishes what is under way and lets go. Must not throw. May come while `start` still waits, which it ends, and then
   * comes once more.
   */
  readonly stop: () => Promise<void>;
}

/** A part made of functions; what it does not need is left out. */
export const part = (
  name: string,
  { start, stop }: { readonly start?: () => void | Promise<void>; readonly stop?: () => void | Promise<void> },
): Component => ({
  name,
  start: async () => {
    await start?.();
  },
  stop: async () => {
    await stop?.();
  },
});
