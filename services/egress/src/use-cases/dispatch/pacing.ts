import { type Throughputs } from '../../domain/pace/allowance.js';
import { createPace, type Pace } from '../../domain/pace/pace.js';
import { type PairLimit } from '../../domain/pace/pairs.js';
import { type AskMeta } from '../ask-meta.js';
import { type Learnt, type Paces } from '../pace-ports.js';
import { type CallResult, type Clock, type MessageLists, type Observer } from '../ports.js';
import { type Holding } from './holding.js';
import { createRecall } from './recall.js';

/** What Meta allows, as far as it is the same for all. */
export interface Allowed {
  readonly throughputs: Throughputs;
  readonly pair: PairLimit;
  /** People a portfolio may reach in 24 hours, while nobody has said. */
  readonly messagingLimit: number;
}

/** When the next call of each number may begin; made anew, and empty, by each takeover. */
export interface Pacing {
  readonly of: (holding: Holding, number: string) => Pace;
  /** Reads what was learnt of a number, once, before its first call. */
  readonly begin: (holding: Holding, number: string) => Promise<void>;
  /** Reads what a former owner has just sent to these customers, once each, while that can matter. */
  readonly recall: (holding: Holding, number: string, customers: readonly string[]) => Promise<void>;
  /** Reads what was learnt since of all its numbers. */
  readonly learn: (holding: Holding) => Promise<void>;
  /** Messages a second of each of its numbers that has sent: what Meta allows, and what of it is used at present. */
  readonly rates: (holding: Holding) => readonly { readonly allowed: number; readonly used: number }[];
  /** Customers wrote to the number at these times: Meta counts their messages too. */
  readonly inbound: (holding: Holding, number: string, at: readonly Date[]) => void;
  /** What Meta answered to a call that took so long. */
  readonly heard: (pace: Pace, of: { number: string; customer: string }, result: CallResult, afterMs: number) => void;
}

/** What customers wrote before that is not counted any more: it comes late. */
const INBOUND_MS = 1_000;

export function createPacing(
  deps: { paces: Paces; lists: MessageLists; askMeta: AskMeta; clock: Clock; observer: Pick<Observer, 'warn'> },
  { throughputs, pair }: Allowed,
): Pacing {
  const { paces, askMeta, clock, observer } = deps;
  const recall = createRecall(deps, pair);

  function of(holding: Holding, number: string): Pace {
    const found = holding.paces.get(number);
    if (found) return found;
    const pace = createPace(throughputs.standard, pair, clock.monotonicMs());
    holding.paces.set(number, pace);
    return pace;
  }

  function follow(pace: Pace, { level, cut }: Learnt): void {
    pace.allow(throughputs[level?.is ?? 'standard']);
    const sinceMs = cut ? clock.now().getTime() - cut.at.getTime() : 0;
    if (cut) pace.follow({ at: clock.monotonicMs() - sinceMs, perSecond: cut.perSecond });
  }

  async function read(holding: Holding, numbers: readonly string[]): Promise<void> {
    if (numbers.length === 0) return;
    const learnt = await paces.of(numbers);
    for (const [number, news] of learnt) {
      follow(of(holding, number), news);
      if (news.stop?.because) holding.stopped.add(number);
    }
    for (const number of numbers) if (!holding.learnt.has(number) && !learnt.get(number)?.level) void askMeta(number);
    for (const number of numbers) holding.learnt.add(number);
  }

  return {
    of,
    async begin(holding, number) {
      if (!holding.learnt.has(number)) await read(holding, [number]);
    },
    recall: (holding, number, customers) => recall(holding, of(holding, number), number, customers),
    learn: (holding) => read(holding, [...holding.learnt]),
    rates: (holding) => [...holding.paces.values()].map((pace) => pace.rate(clock.monotonicMs())),
    inbound({ paces: known }, number, at) {
      const pace = known.get(number);
      const since = clock.now().getTime() - INBOUND_MS;
      for (const each of at) if (each.getTime() > since) pace?.spend(clock.monotonicMs());
    },
    heard(pace, { number, customer }, result, afterMs) {
      const refused = result.kind === 'refused' ? result : undefined;
      const cut = pace.heard(customer, refused, clock.monotonicMs(), afterMs);
      if (!cut) return;
      observer.warn({ number, perSecond: cut.perSecond }, 'Meta asks a number to be slower');
      paces.note(number, { cut: { at: clock.now(), perSecond: cut.perSecond } }).catch((error: unknown) => {
        observer.warn({ number, error }, 'what was learnt of a number is not kept; its next owner learns it anew');
      });
    },
  };
}
