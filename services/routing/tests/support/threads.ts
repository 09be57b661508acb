import { type AggregateStore, createAggregates, createMemoryStore, type Project } from '@switchboard/aggregates';
import { threadAggregate } from '../../src/adapters/kafka/thread-aggregate.js';
import { defaultFlow } from '../../src/domain/flow/settings.js';
import { threadIdOf } from '../../src/domain/spans.js';
import { type Thread } from '../../src/domain/thread.js';
import {
  type Actor,
  type Around,
  type Received,
  type ThreadInput,
  type Whose,
} from '../../src/domain/thread-inputs.js';
import { type Threads } from '../../src/use-cases/ports.js';
import { acme, at, item } from './inputs.js';

/** Threads for tests: their inputs, and what tells a store of them. */

export { acme, at };

/** A brand that has set nothing, a number without a bot. */
export const around = (now: Date, more: Partial<Around> = {}): Around => ({
  now,
  flow: defaultFlow('brand'),
  brandName: 'Acme Shoes',
  bot: null,
  ...more,
});

/** An internal service, as the subject of its token. */
export const service = (id: string): Actor => ({ id, operator: '', bot: '', mayIntervene: true });

export const whoseOf = (number: string, customer: string, more: Partial<Whose> = {}): Whose => ({
  number,
  connection: 1,
  customer,
  owner: acme,
  ...more,
});

export const threadOf = ({ number, connection, customer }: Whose): string => threadIdOf(number, connection, customer);

export function received(
  whose: Whose,
  itemId: string,
  second: number,
  more: Partial<Received & Around> = {},
): Received & Around {
  return { ...item('message', itemId, second, { whose }), ...around(at(second)), ...more };
}

export const completed = (whose: Whose, chat: number, second: number): ThreadInput => ({
  kind: 'complete',
  at: at(second),
  organisationId: 'acme',
  chatId: `${threadOf(whose)}:${chat}`,
  actor: service('olga'),
  ...around(at(second)),
});

export const joinedInto = (whose: Whose, into: Whose, second: number): ThreadInput => ({
  kind: 'joined-into',
  whose,
  at: at(second),
  intoThread: threadOf(into),
  intoCustomer: into.customer,
  ...around(at(second)),
});

export interface Teller {
  readonly threads: Threads;
  /** Folds inputs into a thread, one after another; resolves when they are stored and projected. */
  readonly tell: (whose: Whose, ...inputs: ThreadInput[]) => Promise<void>;
}

/** Threads in a store, projected as they are folded. */
export function teller(store: AggregateStore = createMemoryStore(), project?: Project<Thread>): Teller {
  let offset = 0;
  const publish = () => Promise.resolve();
  const threads = createAggregates({ definition: threadAggregate, store, publish, ...(project && { project }) });
  return {
    threads,
    async tell(whose, ...inputs) {
      const { signal } = new AbortController();
      for (const input of inputs) {
        const position = { code: 'm1', partition: 0, offset: (offset += 1) };
        const { done } = await threads.apply([{ aggregateId: threadOf(whose), position, input }], signal);
        await done;
      }
    },
  };
}
