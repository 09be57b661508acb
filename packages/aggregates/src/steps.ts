import type { Position } from './types.js';

/** A caller who waits for a command. Settled once: by the verdict, or by its time-out. */
export interface Ticket<Result> {
  settled: boolean;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** One input on its way into one aggregate: by a log (with its position) or by a command (with its ticket). */
export type Step<Input, Result> =
  | { readonly kind: 'log'; readonly input: Input; readonly position: Position }
  | {
      readonly kind: 'command';
      readonly input: Input;
      readonly traceparent: string | undefined;
      readonly ticket: Ticket<Result>;
    };

/** What a fold decided for a command; told to the caller only when the state it was decided on is verified. */
export type Verdict<Result> =
  | { readonly ticket: Ticket<Result>; readonly ok: true; readonly result: Result }
  | { readonly ticket: Ticket<Result>; readonly ok: false; readonly error: Error };

export function settle<Result>(verdicts: readonly Verdict<Result>[]): void {
  for (const verdict of verdicts) {
    if (verdict.ticket.settled) continue;
    verdict.ticket.settled = true;
    if (verdict.ok) verdict.ticket.resolve(verdict.result);
    else verdict.ticket.reject(verdict.error);
  }
}
