import { describe } from '../failures.js';
import { type Logger } from '../logger.js';
import { backoffMs, pause } from '../timing.js';
import { type Direct, type Fetched, outOfRange, type Slot } from './direct.js';

export interface FollowOptions {
  readonly direct: Direct;
  readonly slots: readonly Slot[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Called with what was fetched; the slots have been moved. Must not throw. */
  readonly onFetched: (fetched: readonly Fetched[]) => void;
  /** A position was not in the log any more, or not yet again: the slot was moved to the first offset there is. */
  readonly onGap: (slot: Slot, from: number) => void;
}

const MAX_WAIT_MS = 500;

/** Reads on and on, from all leaders at once, through failures and moves of leadership, until the signal aborts. */
export async function follow({ direct, slots, logger, signal, onFetched, onGap }: FollowOptions): Promise<void> {
  let attempt = 0;
  const isOver = () => signal.aborted;
  while (!isOver()) {
    const round = new AbortController();
    const until = AbortSignal.any([signal, round.signal]);
    try {
      const leaders = direct.leaders(slots);
      const results = await Promise.allSettled(
        [...leaders].map(([nodeId, led]) =>
          followOne(nodeId, led, until).finally(() => {
            round.abort();
          }),
        ),
      );
      for (const result of results) if (result.status === 'rejected') throw result.reason as Error;
    } catch (error) {
      if (isOver()) return;
      attempt += 1;
      logger.warn({ attempt, reason: describe(error) }, 'reading is interrupted');
      await mend(error).catch(() => undefined);
      await pause(backoffMs(attempt, 100, 2_000), signal);
    }
  }

  async function followOne(nodeId: string, led: readonly Slot[], until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const fetched = await direct.fetch(nodeId, led, MAX_WAIT_MS);
      attempt = 0;
      for (const { slot, next } of fetched) slot.next = next;
      onFetched(fetched);
    }
  }

  async function mend(error: unknown): Promise<void> {
    const gap = outOfRange(error);
    if (!gap) {
      await direct.recover(error);
      return;
    }
    const firsts = await direct.slots('first');
    const same = (each: Slot) => each.topic === gap.topic && each.partition === gap.partition;
    const slot = slots.find(same);
    const first = firsts.find(same);
    if (!slot || !first) return;
    const from = slot.next;
    slot.next = first.next;
    onGap(slot, from);
  }
}
