import { type Refusal } from './gate/refusal.js';
import { type Message, type Unwritten } from './message.js';
import { type MetaError, type Pricing } from './report.js';

/** What happened, with the message as it stands after it. */
export type Event = { readonly message: Message; readonly at: Date } & (
  | { readonly kind: 'accepted' }
  | { readonly kind: 'sent'; readonly attempt: number }
  | {
      readonly kind: 'status-changed';
      readonly attempt: number;
      readonly status: string;
      readonly pricing: Pricing | undefined;
      readonly errors: readonly MetaError[];
      readonly doubled: boolean;
      /** This attempt was. */
      readonly delivered: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly attempt: number; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly attempt: number;
      readonly error: MetaError | undefined;
      readonly remedy: string;
    }
  /** An attempt whose price was held came to nothing. */
  | { readonly kind: 'put-off'; readonly attempt: number }
  /** For `egress.wake`: there is work. */
  | { readonly kind: 'wake' }
  /** For `timer.commands`: the message is to be looked at then. */
  | { readonly kind: 'timer'; readonly version: number; readonly due: Date; readonly about: 'unknown' | 'expiry' }
);

export interface Result {
  readonly message: Message | undefined;
  /** For `begin`: the attempt that may be called; absent when there is nothing to send (any more). */
  readonly attempt: number | undefined;
}

export interface Folded {
  readonly state: Message | Unwritten;
  readonly events: readonly Event[];
  readonly result: Result;
}

export const unchangedOr = (before: Message | Unwritten, message: Message, events: readonly Event[]): Folded => ({
  state: events.length === 0 && before === message ? before : message,
  events,
  result: { message, attempt: undefined },
});
