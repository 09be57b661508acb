import { reservedFields, type AggregateStore, type AggregateWrite, type StoredAggregate } from './store.js';

interface Grave {
  readonly wipeAt: number;
  readonly upTo: number;
}

/** What the in-memory twin holds, for tests that want to look. */
export interface MemoryStore extends AggregateStore {
  readonly documents: ReadonlyMap<string, StoredAggregate>;
}

/** The in-memory twin of the MongoDB store; passes the same contract. */
export function createMemoryStore(): MemoryStore {
  const documents = new Map<string, StoredAggregate>();
  const graves = new Map<string, Grave>();

  return {
    documents,
    find: (ids) => Promise.resolve(ids.flatMap((id) => documents.get(id) ?? [])),
    write: (writes) => {
      const lost: number[] = [];
      let inserted = 0;
      writes.forEach((write, index) => {
        const found = documents.get(write.id);
        if (found && found.version !== write.expected) {
          lost.push(index);
          return;
        }
        if (!found) inserted += 1;
        documents.set(write.id, written(found, write));
      });
      return Promise.resolve({ lost, refused: new Map(), inserted });
    },
    clear: (at) => {
      for (const { id, version } of at) {
        const found = documents.get(id);
        if (found?.version === version) documents.set(id, { ...found, out: [], outAt: null });
      }
      return Promise.resolve();
    },
    leftovers: (before, limit) =>
      Promise.resolve([...documents.values()].filter(({ outAt }) => outAt !== null && outAt < before).slice(0, limit)),
    graves: {
      bury: (id, version, wipeAt) => {
        const found = documents.get(id);
        if (found?.version !== version) return Promise.resolve(false);
        documents.set(id, { ...found, version: version + 1, state: {}, out: [], outAt: null, holes: [], gone: true });
        graves.set(id, { wipeAt, upTo: found.sequence });
        return Promise.resolve(true);
      },
      due: (now, limit) =>
        Promise.resolve(
          [...graves].flatMap(([id, { wipeAt, upTo }]) => (wipeAt <= now ? [{ id, upTo }] : [])).slice(0, limit),
        ),
      settle: (id) => {
        graves.delete(id);
        return Promise.resolve();
      },
    },
  };
}

/** An update of a document, or, as in MongoDB, what an upsert makes where there is none: only what it sets. */
export function written(found: StoredAggregate | undefined, write: AggregateWrite): StoredAggregate {
  const state: Record<string, unknown> = { ...found?.state };
  for (const field of write.unset) Reflect.deleteProperty(state, field);
  for (const [field, value] of Object.entries(write.set)) {
    if (reservedFields.has(field)) throw new Error(`the field ${field} is reserved`);
    state[field] = structuredClone(value);
  }
  for (const [field, { values, keep }] of Object.entries(write.append)) {
    const before = state[field] as readonly unknown[];
    state[field] = [...before, ...structuredClone(values)].slice(-keep);
  }
  return {
    id: write.id,
    version: write.expected + 1,
    sequence: write.sequence,
    index: write.index,
    src: { ...found?.src, ...write.src },
    state,
    out: write.out,
    outAt: write.outAt,
    holes: write.holes ?? found?.holes ?? [],
    gone: write.revived ? false : (found?.gone ?? false),
  };
}
