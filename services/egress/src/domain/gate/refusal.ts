/** Why a message may not go, for people: a stable code, a sentence, and what to do. */
export interface Refusal {
  /** Stable: `egress.window-closed`. */
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  /** When it opens again; absent where time does not help. */
  readonly opensAt?: Date;
  /** The field of the message at fault: `content.text.body`; absent where it is the number. */
  readonly field?: string;
}
