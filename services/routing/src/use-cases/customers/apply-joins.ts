import type { Applied, Position } from '@switchboard/aggregates';
import { absorbing, closed, type Customer, isIdentity, isOpen, opened } from '../../domain/customer.js';
import { undoJoin } from '../../domain/identify.js';
import { currentSpan, threadIdOf } from '../../domain/spans.js';
import type { ThreadInput } from '../../domain/thread-inputs.js';
import { bare } from '../threads/around.js';
import type { Clock, Customers, NumberStore, Progress, Threads } from '../ports.js';

/** Two customers of a number are one, or were not after all. */
export interface JoinNews {
  readonly position: Position;
  readonly eventId: string;
  readonly number: string;
  readonly connection: number;
  readonly ended: string;
  readonly survivor: string;
  readonly undone: boolean;
  readonly at: Date;
}

export type ApplyJoins = ReturnType<typeof createApplyJoins>;

/** The ended customer's thread completes its chat and points to the survivor's, in one write; an undo takes it back. */
export function createApplyJoins(deps: {
  threads: Threads;
  customers: Customers;
  numbers: NumberStore;
  progress: Progress;
  now: Clock;
}) {
  const { threads, customers, numbers, progress } = deps;

  /** Makes the customers agree with the record. What an item showed is stored already; what a person said is not. */
  async function agree(news: JoinNews): Promise<void> {
    for (;;) {
      const found = await customers.find([news.ended, news.survivor]);
      const ended = found.find(({ id }) => id === news.ended);
      const survivor = found.find(({ id }) => id === news.survivor);
      if (!ended || !survivor) return;
      const next = progress.nextMessage(news.position.partition);
      const changed = news.undone ? undone(ended, survivor, news, next) : joined(ended, survivor, news, next);
      if (changed.length === 0 || (await customers.save(changed))) return;
    }
  }

  return async function applyJoins(all: readonly JoinNews[], signal: AbortSignal): Promise<Applied> {
    const applied: Promise<void>[] = [];
    for (const news of all) {
      await agree(news);
      const { number, connection, ended, survivor, position, at } = news;
      const { owner } = currentSpan((await numbers.find([number])).get(number));
      const input: ThreadInput = news.undone
        ? { kind: 'parted', at, ...bare(deps.now()) }
        : {
            kind: 'joined-into',
            whose: { number, connection, customer: ended, owner },
            at,
            intoThread: threadIdOf(number, connection, survivor),
            intoCustomer: survivor,
            ...bare(deps.now()),
          };
      applied.push(
        (await threads.apply([{ aggregateId: threadIdOf(number, connection, ended), position, input }], signal)).done,
      );
    }
    return { done: Promise.all(applied).then(() => undefined) };
  };
}

function joined(ended: Customer, survivor: Customer, { eventId, at }: JoinNews, next: number): Customer[] {
  if (ended.joined) return [];
  const names = ended.aliases.filter((alias) => isOpen(alias) && isIdentity(alias));
  const gone: Customer = {
    ...closed(ended, () => true, next - 1, at),
    joined: { into: survivor.id, at: next - 1, eventId },
  };
  const grown = names.reduce(
    (customer, { kind, value }) => opened(customer, kind, value, next, at),
    absorbing(survivor, ended),
  );
  // In this order: after a write that ends between the two, the next try finds the names where they were.
  return [grown, gone];
}

function undone(ended: Customer, survivor: Customer, { eventId, at }: JoinNews, next: number): Customer[] {
  const back = undoJoin(ended, survivor, eventId, next, at);
  return back ? [back.survivor, back.ended] : [];
}
