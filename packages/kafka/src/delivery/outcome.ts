/** How the delivery of an event ended. Everything else is a failure and is thrown. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'set-aside'; readonly reason: string };

export const done: Outcome = { kind: 'done' };

/** There was nothing to do, and that is in order. */
export const skip = (reason: string): Outcome => ({ kind: 'skipped', reason });

/** The event cannot be handled: it is kept with this reason, so that it holds nobody up and can be replayed. */
export const setAside = (reason: string): Outcome => ({ kind: 'set-aside', reason });
