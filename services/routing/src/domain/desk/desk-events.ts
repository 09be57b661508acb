/** What the desk says to a thread. `count` is of the request it answers: a thread that has asked anew ignores it. */
export interface OfferEvent {
  readonly at: Date;
  readonly chatId: string;
  readonly count: number;
  readonly offer:
    | { readonly type: 'offered'; readonly operatorIds: readonly string[]; readonly until: Date | null }
    | {
        readonly type: 'assigned';
        readonly operatorId: string;
        readonly cause: 'taken' | 'given' | 'assigned' | 'transferred';
      }
    | { readonly type: 'ended'; readonly operatorIds: readonly string[]; readonly timedOut: boolean };
}

/** Arms a timer, or takes it away (`due` null). */
export interface TimerOrder {
  readonly at: Date;
  readonly timer: string;
  readonly version: number;
  readonly due: Date | null;
}

/** To itself, by the log: the head of a line is to be refilled from the threads' index, in the owner's chain. */
export interface RefillOrder {
  readonly at: Date;
  readonly line: string;
}

export type DeskEvent = OfferEvent | TimerOrder | RefillOrder;

/** Timers by their names, unique within a desk. */
export const offerTimer = (threadKey: string): string => `offer:${threadKey.slice(2)}`;
export const awayTimer = (operatorId: string): string => `away:${operatorId}`;
