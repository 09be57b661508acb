import type { OutEntry, StoredAggregate, Written } from '@switchboard/aggregates';
import type { Said } from './sim-kafka.ts';

/** What may be true of the committed facts and of what was said about them, checked at every step. */
export interface Observer {
  readonly onCommit: (collection: string, document: StoredAggregate) => void;
  readonly onAppend: (said: Said) => void;
  /** What a reader of a topic has taken in of an aggregate, in order, after dropping what it had seen. */
  readonly heard: (topic: string, aggregateId: string) => readonly string[];
  /** Everything that was ever said on a topic, by content. */
  readonly saidOn: (topic: string) => ReadonlySet<string>;
  readonly isCommitted: (event: OutEntry['event']) => boolean;
}

const numbered = new Set(['threads', 'wallets']);

export function createObserver(violated: (what: string) => void): Observer {
  const committed = new Map<string, string>();
  const logs = new Map<string, string[]>();
  const said = new Map<string, Set<string>>();
  const contentOf = ({ headers }: OutEntry['event']): string => headers['what'] ?? '';
  const isCommitted = (event: OutEntry['event']): boolean =>
    committed.get(`${event.topic}|${event.id}`) === contentOf(event);

  return {
    isCommitted,
    onCommit(collection, { id, out, state, gone }) {
      for (const { event } of out) {
        const key = `${event.topic}|${event.id}`;
        const before = committed.get(key);
        if (before === undefined) committed.set(key, contentOf(event));
        else if (before !== contentOf(event)) violated(`${key} was committed with two contents`);
      }
      const left = out.reduce((sum, { cause, event }) => sum + (cause ? 0 : event.value.length), 0);
      if (left > 2_000_000) violated(`${id} grows by commands although nothing is published`);
      const field = { threads: 'applied', wallets: 'entries', accounts: 'commands' }[collection];
      if (field !== undefined && !gone && !Array.isArray(state[field])) violated(`${id} is a torso`);
    },
    onAppend({ topic, event }) {
      const content = contentOf(event);
      if (topic !== 'numbers' && !isCommitted(event))
        violated(`${topic} says ${event.id} (${content}), which is not committed`);
      let all = said.get(topic);
      if (!all) said.set(topic, (all = new Set()));
      all.add(content);
      if (!numbered.has(topic)) return;
      const [aggregateId = '', sequence] = event.id.split(':');
      const key = `${topic}|${aggregateId}`;
      let log = logs.get(key);
      if (!log) logs.set(key, (log = []));
      if (Number(sequence) <= log.length) return;
      if (Number(sequence) > log.length + 1) violated(`${topic} has a gap before ${event.id}`);
      log.push(content);
    },
    heard: (topic, aggregateId) => logs.get(`${topic}|${aggregateId}`) ?? [],
    saidOn: (topic) => said.get(topic) ?? new Set(),
  };
}

/** The transcript: entries by aggregate and sequence, inserted by anybody at any time; the first stays. */
export interface Transcript {
  readonly insert: (written: Written<unknown>) => void;
  readonly wipe: (aggregateId: string, upTo: number) => void;
  readonly has: (aggregateId: string, what: string) => boolean;
  readonly sequences: (aggregateId: string) => ReadonlyMap<number, string>;
}

export function createTranscript(
  observer: Pick<Observer, 'isCommitted'>,
  violated: (what: string) => void,
): Transcript {
  const rows = new Map<string, Map<number, string>>();
  return {
    insert({ aggregateId, entries }) {
      let own = rows.get(aggregateId);
      if (!own) rows.set(aggregateId, (own = new Map<number, string>()));
      for (const { sequence, own: isOwn, event } of entries) {
        if (!isOwn) continue;
        if (!observer.isCommitted(event)) violated(`the transcript gets ${event.id}, which is not committed`);
        if (!own.has(sequence)) own.set(sequence, event.headers['what'] ?? '');
      }
    },
    wipe(aggregateId, upTo) {
      for (const sequence of rows.get(aggregateId)?.keys() ?? [])
        if (sequence <= upTo) rows.get(aggregateId)?.delete(sequence);
    },
    has: (aggregateId, what) => [...(rows.get(aggregateId)?.values() ?? [])].includes(what),
    sequences: (aggregateId) => rows.get(aggregateId) ?? new Map<number, string>(),
  };
}

/** List rows: the newest state per thread, guarded by its version. */
export interface Rows {
  readonly upsert: (written: Written<{ readonly last?: string }>) => void;
  readonly last: (aggregateId: string) => string | undefined;
}

export function createRows(isGuarded: boolean): Rows {
  const rows = new Map<string, { version: number; last: string | undefined }>();
  return {
    upsert({ aggregateId, version, state }) {
      const before = rows.get(aggregateId);
      if (isGuarded && before && before.version >= version) return;
      rows.set(aggregateId, { version, last: state.last });
    },
    last: (aggregateId) => rows.get(aggregateId)?.last,
  };
}

/** Who an alias means, from which position of the log on. */
export interface Aliases {
  readonly rename: (alias: string, to: string, offset: number, generation: number) => void;
  readonly asOf: (alias: string, offset: number, generation: number) => string;
  readonly now: (alias: string) => string;
}

export function createAliases(): Aliases {
  const periods = new Map<string, { from: number; to: string }[]>();
  const place = (offset: number, generation: number): number => generation * 1_000_000 + offset;
  const find = (alias: string, at: number): string =>
    periods.get(alias)?.findLast(({ from }) => from <= at)?.to ?? alias;
  return {
    rename(alias, to, offset, generation) {
      const own = periods.get(alias) ?? [];
      const from = place(offset, generation);
      if (own.some((period) => period.from === from)) return;
      periods.set(
        alias,
        [...own, { from, to }].sort((a, b) => a.from - b.from),
      );
    },
    asOf: (alias, offset, generation) => find(alias, place(offset, generation)),
    now: (alias) => find(alias, Infinity),
  };
}
