/**
 * The order of dispatch for one number, in memory: interactive before bulk, per customer in order and one at a time,
 * across customers side by side. It decides nothing that the document of the message does not decide again.
 */

export interface Waiting {
  readonly messageId: string;
  readonly customer: string;
  readonly thread: string;
  readonly threadSequence: number;
  readonly priority: number;
  readonly order: number;
  /** In milliseconds; 0 = at once. */
  readonly notBefore: number;
  /** In milliseconds. */
  readonly acceptedAt: number;
  /** Attempts so far. */
  readonly tries: number;
}

interface Lane<W> {
  readonly waiting: W[];
  /** The message under way, or the one whose answer nobody knows. */
  held: { readonly messageId: string; readonly until: number } | undefined;
  /** Its first message cannot go before: it need not be looked at. 0 when something has changed since. */
  restsUntil: number;
}

export interface Lanes<W extends Waiting = Waiting> {
  /** Adds a message, once. */
  readonly offer: (message: W) => void;
  /** The next message that may go now, of those of this priority and before; its lane is held until `release`. */
  readonly take: (now: number, upTo?: number) => W | undefined;
  /**
   * The one to try a number with that did not work: of those that may go now the one that was tried least, so that no
   * message that cannot go stands for all.
   */
  readonly takeLeastTried: (now: number) => W | undefined;
  /** The next message accepted before that time, though it or the number has to wait; its lane is held until `release`. */
  readonly takeOlder: (acceptedBefore: number, now: number) => W | undefined;
  /** Back to the head of its lane, which is free again. */
  readonly putBack: (message: W) => void;
  /** Ends the holding of a lane by this message, if it does hold it. */
  readonly release: (message: Pick<Waiting, 'customer' | 'messageId'>) => void;
  /** Nothing of this customer goes before `until`, or before this message is released. */
  readonly hold: (message: Pick<Waiting, 'customer' | 'messageId'>, until: number) => void;
  /** Nothing of the number goes before; 0 = at once again. */
  readonly pause: (until: number) => void;
  /** Customers who need no more of this priority in memory: there is enough of them, or they have to wait anyway. */
  readonly served: (priority: number, now: number) => readonly string[];
  /** Whether so many customers have a message of this priority or before that may go as soon as the number may. */
  readonly hasReady: (count: number, priority: number, now: number) => boolean;
  readonly size: () => number;
  /** Nothing waits, is held or paused: there is nothing to remember. */
  readonly isIdle: (now: number) => boolean;
  /** When there is something to take, at the earliest; undefined when only an event can change that. */
  readonly dueAt: (now: number) => number | undefined;
}

/** More of one customer than this is left in the database, or a single customer could fill the memory. */
const LANE_LIMIT = 16;

/** `waitMs`: how long a customer has to wait for what went before, whatever is said of the message. */
export function createLanes<W extends Waiting = Waiting>(waitMs: (customer: string) => number = () => 0): Lanes<W> {
  const lanes = new Map<string, Lane<W>>();
  const known = new Set<string>();
  let pausedUntil = 0;
  let lookedAt = 0;

  /** The lane of a customer, which is about to change. */
  function laneOf(customer: string): Lane<W> {
    const found = lanes.get(customer);
    if (found) {
      found.restsUntil = 0;
      return found;
    }
    const lane: Lane<W> = { waiting: [], held: undefined, restsUntil: 0 };
    lanes.set(customer, lane);
    return lane;
  }

  function insert(lane: Lane<W>, message: W): void {
    known.add(message.messageId);
    let at = lane.waiting.length;
    while (at > 0 && isBefore(message, lane.waiting[at - 1])) at -= 1;
    lane.waiting.splice(at, 0, message);
  }

  function tidy(customer: string, lane: Lane<W>): void {
    if (!lane.held && lane.waiting.length === 0) lanes.delete(customer);
  }

  function takeHead(best: W | undefined): W | undefined {
    if (!best) return undefined;
    const lane = laneOf(best.customer);
    lane.waiting.shift();
    known.delete(best.messageId);
    lane.held = { messageId: best.messageId, until: Infinity };
    return best;
  }

  /** A clock that was set back makes rests longer than they were meant. */
  function look(now: number): void {
    if (now < lookedAt) for (const lane of lanes.values()) lane.restsUntil = 0;
    lookedAt = now;
  }

  /** True when its first message may go; when not, the lane is not looked at again until it may. */
  function isFree(lane: Lane<W>, now: number): boolean {
    const { waiting, held, restsUntil } = lane;
    const [head] = waiting;
    if (!head || restsUntil > now) return false;
    const until = Math.max(head.notBefore, held?.until ?? 0, now + Math.max(0, waitMs(head.customer)));
    if (until > now) lane.restsUntil = until;
    return until <= now;
  }

  /** The first of those that may go. Of most lanes only the order is looked at, and whether they may go of the best. */
  function firstFree(now: number, upTo: number, isFirst = precedes): W | undefined {
    look(now);
    for (;;) {
      let best: { readonly lane: Lane<W>; readonly head: W } | undefined;
      for (const lane of lanes.values()) {
        const head = lane.waiting[0];
        if (!head || lane.restsUntil > now || head.priority > upTo) continue;
        if (!best || isFirst(head, best.head)) best = { lane, head };
      }
      if (!best || isFree(best.lane, now)) return best?.head;
    }
  }

  return {
    offer(message) {
      if (known.has(message.messageId)) return;
      const lane = laneOf(message.customer);
      if (lane.held?.messageId === message.messageId && lane.held.until === Infinity) return;
      insert(lane, message);
    },

    take(now, upTo = Infinity) {
      return now < pausedUntil ? undefined : takeHead(firstFree(now, upTo));
    },

    takeLeastTried: (now) => (now < pausedUntil ? undefined : takeHead(firstFree(now, Infinity, isTriedLess))),

    takeOlder(acceptedBefore, now) {
      let best: W | undefined;
      for (const lane of lanes.values()) {
        const head = lane.waiting[0];
        if (!head || isHeld(lane, now) || head.acceptedAt >= acceptedBefore) continue;
        if (!best || precedes(head, best)) best = head;
      }
      return takeHead(best);
    },

    release({ customer, messageId }) {
      const lane = lanes.get(customer);
      if (lane?.held?.messageId !== messageId) return;
      lane.held = undefined;
      lane.restsUntil = 0;
      tidy(customer, lane);
    },

    putBack(message) {
      const lane = laneOf(message.customer);
      if (lane.held?.messageId === message.messageId) lane.held = undefined;
      if (!known.has(message.messageId)) insert(lane, message);
    },

    hold({ customer, messageId }, until) {
      laneOf(customer).held = { messageId, until };
    },

    pause(until) {
      pausedUntil = until;
    },

    served(priority, now) {
      look(now);
      return [...lanes]
        .filter(([, lane]) => {
          const found = lane.waiting.filter((each) => each.priority <= priority).length;
          return found >= LANE_LIMIT || (found > 0 && !isFree(lane, now));
        })
        .map(([customer]) => customer);
    },
    hasReady(count, priority, now) {
      look(now);
      let found = 0;
      for (const lane of lanes.values()) {
        if (found >= count) break;
        if ((lane.waiting[0]?.priority ?? Infinity) <= priority && isFree(lane, now)) found += 1;
      }
      return found >= count;
    },
    size: () => known.size,
    isIdle: (now) => lanes.size === 0 && pausedUntil <= now,

    dueAt(now) {
      look(now);
      let due = Infinity;
      for (const lane of lanes.values()) {
        if (due <= now) break;
        if (isFree(lane, now)) due = now;
        else if (lane.waiting.length > 0 && lane.restsUntil < due) due = lane.restsUntil;
      }
      return due === Infinity ? undefined : Math.max(due, pausedUntil);
    },
  };
}

const isHeld = ({ held }: Pick<Lane<Waiting>, 'held'>, now: number): boolean => held !== undefined && held.until > now;

/** Replies of one thread go in its order, whatever the clocks of those who accepted them said. */
function isBefore(message: Waiting, other: Waiting | undefined): boolean {
  if (!other) return false;
  const isSameThread = message.threadSequence > 0 && other.threadSequence > 0 && message.thread === other.thread;
  if (message.priority === other.priority && isSameThread) return message.threadSequence < other.threadSequence;
  return precedes(message, other);
}

const precedes = (a: Waiting, b: Waiting): boolean =>
  a.priority === b.priority ? a.order < b.order : a.priority < b.priority;

const isTriedLess = (a: Waiting, b: Waiting): boolean =>
  a.priority === b.priority && a.tries !== b.tries ? a.tries < b.tries : precedes(a, b);
