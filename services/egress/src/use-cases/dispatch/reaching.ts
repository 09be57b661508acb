import { windowClosesAt as closesAtOf } from '../../domain/gate/window.js';
import { personOf, type Room, withoutRoom } from '../../domain/pace/reach.js';
import { type AskMeta } from '../ask-meta.js';
import { type Counted, type Places, type Reach } from '../pace-ports.js';
import { type Clock, type Observer, type QueuedMessage, type Windows } from '../ports.js';
import { type Persist } from './persist.js';

/** Room for the person whom a message reaches, or what becomes of the message without. */
export type Reached = { readonly kind: 'room'; readonly giveBack: () => Promise<void> } | Room;

export type Reaching = (message: QueuedMessage, windowClosesAt: Date | undefined) => Promise<Reached>;

/** A limit that somebody else was told of is followed after so long; where nobody knows it, Meta is asked again after so long. */
const KNOWN_MS = 5_000;
const UNKNOWN_MS = 60_000;

const uncounted: Reached = { kind: 'room', giveBack: () => Promise.resolve() };

/** Asks for room in the portfolio's messaging limit, for messages outside the window alone (TX-5). */
export function createReaching(
  deps: {
    reach: Reach;
    places: Places;
    windows: Windows;
    askMeta: AskMeta;
    clock: Clock;
    persist: Persist;
    observer: Pick<Observer, 'reached' | 'warn'>;
  },
  { messagingLimit }: { readonly messagingLimit: number },
): Reaching {
  const { reach, places, windows, askMeta, clock, persist, observer } = deps;
  const limits = new Map<string, { readonly limit: Promise<number>; until: number }>();
  const rounds = new Map<string, Round>();

  function limitOf(portfolio: string, number: string): Promise<number> {
    const known = limits.get(portfolio);
    if (known && clock.monotonicMs() < known.until) return known.limit;
    const entry = { limit: read(), until: Infinity };
    limits.set(portfolio, entry);
    return entry.limit;

    async function read(): Promise<number> {
      const look = () => persist('the messaging limit cannot be read', () => reach.limitOf(portfolio));
      let found = await look();
      // Nobody is refused by a limit that is only assumed while Meta can be asked.
      if (found === undefined) {
        await askMeta(number);
        found = await look();
      }
      entry.until = clock.monotonicMs() + (found === undefined ? UNKNOWN_MS : KNOWN_MS);
      const limit = found ?? messagingLimit;
      tell(portfolio, limit);
      return limit;
    }
  }

  /** For whoever watches; nothing waits for it. */
  function tell(portfolio: string, limit: number): void {
    reach.usedOf(portfolio).then(
      (people) => {
        observer.reached(portfolio, people, limit);
      },
      (error: unknown) => {
        observer.warn({ portfolio, error }, 'reached people are not shown at present');
      },
    );
  }

  /** Who is asked about while a question is under way is asked about together in the next one. */
  async function count(portfolio: string, person: string, limit: number): Promise<Counted> {
    const round: Round = rounds.get(portfolio) ?? { next: new Set(), asked: undefined, underWay: Promise.resolve() };
    rounds.set(portfolio, round);
    round.next.add(person);
    round.asked ??= round.underWay.then(() => {
      const people = [...round.next];
      round.next.clear();
      round.asked = undefined;
      const found = persist('reached people cannot be counted', () => reach.count(portfolio, people, limit));
      const answer = found.then((counted) => new Map(people.map((each, index) => [each, counted[index]])));
      round.underWay = answer.then(ignore, ignore);
      return answer;
    });
    const counted = (await round.asked).get(person);
    if (!counted) throw new Error('a person was asked about and not counted');
    return counted;
  }

  return async function reaching(message, windowClosesAt) {
    const { number, customer, recipient } = message;
    const now = clock.now();
    const portfolio = places.portfolioOf(number);
    if (portfolio === undefined || (windowClosesAt && windowClosesAt > now)) return uncounted;
    const limit = await limitOf(portfolio, number);
    if (limit === Infinity || (await isAnswer(message))) return uncounted;
    const person = personOf(recipient, customer);
    const counted = await count(portfolio, person, limit);
    if (counted.kind === 'full') return withoutRoom(counted, message, now);
    const { isNew, at } = counted;
    if (!isNew) return uncounted;
    const giveBack = () => persist('a person still counts', () => reach.giveBack(portfolio, person, at));
    return { kind: 'room', giveBack };
  };

  /** The customer has written since the message was asked for. */
  async function isAnswer({ number, customer }: QueuedMessage): Promise<boolean> {
    const [seen] = await persist('windows cannot be read', () => windows.lastInbound([{ number, customer }]));
    const closesAt = closesAtOf(seen);
    return closesAt !== undefined && closesAt > clock.now();
  }
}

interface Round {
  /** People to be asked about next. */
  readonly next: Set<string>;
  asked: Promise<ReadonlyMap<string, Counted | undefined>> | undefined;
  underWay: Promise<void>;
}

function ignore(): void {
  // Whoever asked is told.
}
