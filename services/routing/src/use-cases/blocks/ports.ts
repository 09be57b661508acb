/** The list of blocked users that Meta keeps for a number. */
export interface Blocklist {
  /**
   * Blocks or unblocks a customer; safe to repeat. Resolves to why Meta never will, where it says so. Throws
   * `unavailable` or `exhausted` where a later attempt may do, and another `Failure` where the call itself is refused.
   */
  readonly change: (call: {
    readonly number: string;
    readonly who: { readonly phone?: string; readonly userId?: string };
    readonly isBlocked: boolean;
  }) => Promise<string | undefined>;
}
