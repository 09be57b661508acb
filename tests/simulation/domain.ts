import { admits, type AggregateDefinition, type EncodedEvent } from '@switchboard/aggregates';
import { Failure } from '@switchboard/errors';

/** What arrives at a thread. Ids are what the outside world repeats. */
export type ThreadInput =
  | { readonly kind: 'message'; readonly id: string; readonly at: number; readonly isInTranscript?: boolean }
  | { readonly kind: 'fact'; readonly id: string; readonly source: string; readonly sequence: number }
  | { readonly kind: 'command'; readonly id: string };

export interface Thread {
  /** Every id that had an effect, in order. */
  readonly applied: readonly string[];
  /** The last messages applied, with Meta's time (rule 16). */
  readonly ring: readonly { readonly id: string; readonly at: number }[];
  /** The newest of Meta's times that left the ring: what is newer and absent is new. */
  readonly forgotten: number;
  readonly seen: Readonly<Record<string, number>>;
  readonly last?: string;
}

export interface Appended {
  readonly kind: 'appended' | 'timer';
  readonly what: string;
}

const RING = 6;
/** Shared by all big events: only its length matters. */
const big = new Uint8Array(400_000);
const small = new Uint8Array(8);

/** Which of the rules that live in folds hold, and whether the bug that made poison is mended. */
export interface ThreadRules {
  readonly isMended: () => boolean;
  readonly remembersSources: boolean;
  readonly looksIntoTranscript: boolean;
}

/** One thread per customer; events for its own topic and timers. */
export function threadDefinition(
  rules: ThreadRules,
): AggregateDefinition<Thread, ThreadInput, Appended, 'applied' | 'known'> {
  function appended(state: Thread, id: string, change: Partial<Thread> = {}) {
    const events: Appended[] = [{ kind: 'appended', what: id }];
    if (id.includes('t')) events.push({ kind: 'timer', what: id });
    const next: Thread = { ...state, ...change, applied: [...state.applied, id], last: id };
    return { state: next, events, result: 'applied' as const };
  }
  const known = (state: Thread) => ({ state, events: [], result: 'known' as const });

  return {
    name: 'threads',
    topic: 'threads',
    empty: () => ({ applied: [], ring: [], forgotten: 0, seen: {} }),
    fold(state, input, context) {
      if (input.id.includes('x') && !rules.isMended()) throw new Failure('invalid', 'thread.poison', 'cannot be read');
      switch (input.kind) {
        case 'command':
          return state.applied.includes(input.id) ? known(state) : appended(state, input.id);
        case 'fact': {
          const seen = rules.remembersSources ? admits(state.seen, input, context) : state.seen;
          return seen ? appended(state, input.id, { seen }) : known(state);
        }
        case 'message': {
          if (state.ring.some(({ id }) => id === input.id)) return known(state);
          const isOld = input.at <= state.forgotten;
          if (isOld && rules.looksIntoTranscript && input.isInTranscript) return known(state);
          const ring = [...state.ring, { id: input.id, at: input.at }];
          const left = ring.length > RING ? ring.shift() : undefined;
          return appended(state, input.id, { ring, forgotten: Math.max(state.forgotten, left?.at ?? 0) });
        }
      }
    },
    encode: ({ kind, what }, { aggregateId, sequence, index }) =>
      said(kind === 'appended' ? 'threads' : 'timers', kind, aggregateId, `${aggregateId}:${sequence}:${index}`, what),
    isOwn: ({ kind }) => kind === 'appended',
    sourceOf: (input) => (input.kind === 'fact' ? input : undefined),
    setAside: ({ aggregateId, input, position }) =>
      said(
        'set-aside',
        'set-aside',
        aggregateId,
        `${position.code}-${position.partition}-${position.offset}`,
        input.id,
      ),
  };
}

/** Fed from every partition: one number for all. */
export interface Wallet {
  readonly entries: readonly string[];
}

export const walletDefinition: AggregateDefinition<Wallet, { readonly id: string }, { readonly what: string }, null> = {
  name: 'wallets',
  topic: 'wallets',
  isFedByManyPartitions: true,
  empty: () => ({ entries: [] }),
  fold: (state, { id }) => ({ state: { entries: [...state.entries, id] }, events: [{ what: id }], result: null }),
  encode: ({ what }, { aggregateId, sequence, index }) =>
    said('wallets', 'entered', aggregateId, `${aggregateId}:${sequence}:${index}`, what),
  isOwn: () => true,
};

/** Changed by commands only; others learn of it by a compacted topic. */
export interface Account {
  readonly settings: string;
  readonly commands: readonly string[];
}

/** `isOwnerPublishing`: a command only wakes the owner; otherwise it publishes its state itself (rule 14 broken). */
export const accountDefinition = (
  isOwnerPublishing: boolean,
): AggregateDefinition<Account, { readonly id: string }, { readonly what: string }, null> => ({
  name: 'accounts',
  topic: 'accounts.events',
  empty: () => ({ settings: '', commands: [] }),
  fold(state, { id }) {
    if (state.commands.includes(id)) return { state, events: [], result: null };
    return { state: { settings: id, commands: [...state.commands, id] }, events: [{ what: id }], result: null };
  },
  encode: ({ what }, { aggregateId, sequence, index }) =>
    said(isOwnerPublishing ? 'wakes' : 'numbers', 'account', aggregateId, `${aggregateId}:${sequence}:${index}`, what),
  isOwn: () => false,
});

export const encodeAccount = (id: string, account: Account | undefined): EncodedEvent =>
  said('numbers', 'account', id, id, account?.settings ?? '');

function said(topic: string, type: string, key: string, id: string, what: string): EncodedEvent {
  return { topic, key, type, id, time: new Date(0), headers: { what }, value: what.includes('b') ? big : small };
}
