import { type MemoryStore, type Project } from '@switchboard/aggregates';
import { entriesOf, rowsOf, rowsOfCompleted } from '../../src/adapters/mongo/projections.js';
import { type TranscriptDocument } from '../../src/adapters/mongo/transcript.js';
import { type Customer, isIdentity, isOpen } from '../../src/domain/customer.js';
import { type NumberSpans } from '../../src/domain/spans.js';
import { isOpenChat, type Thread } from '../../src/domain/thread.js';
import {
  type ChatRow,
  type ChatRows,
  type Customers,
  type MessageStates,
  type MessageStateView,
  type NumberStore,
  type ThreadIndex,
  type Transcript,
} from '../../src/use-cases/ports.js';

/** In-memory twins of the ports; each passes the contract of the real one. */

/** Customers, with the store's two promises: compare-and-set, and no open name twice. */
export function memoryCustomers(): Customers & {
  readonly all: () => Customer[];
  /** Stores one of several that were to be written together, as a write that ended half-way leaves it. */
  readonly put: (customer: Customer) => void;
} {
  const stored = new Map<string, Customer>();
  const open = ({ aliases, number }: Customer): string[] =>
    aliases
      .filter((alias) => isOpen(alias) && isIdentity(alias))
      .map(({ kind, value }) => `${number}|${kind}|${value}`);
  return {
    all: () => [...stored.values()],
    put: (customer) => void stored.set(customer.id, { ...customer, version: customer.version + 1 }),
    having: (names) =>
      Promise.resolve(
        [...stored.values()].filter(({ number, aliases }) =>
          names.some(
            (name) =>
              name.number === number && aliases.some((alias) => alias.kind === name.kind && alias.value === name.value),
          ),
        ),
      ),
    find: (ids) => Promise.resolve(ids.flatMap((id) => stored.get(id) ?? [])),
    save(changed) {
      if (changed.some(({ id, version }) => (stored.get(id)?.version ?? 0) !== version)) return Promise.resolve(false);
      const ids = new Set(changed.map(({ id }) => id));
      const taken = new Set([...stored.values()].filter(({ id }) => !ids.has(id)).flatMap(open));
      if (changed.flatMap(open).some((name) => taken.has(name))) return Promise.resolve(false);
      for (const customer of changed) stored.set(customer.id, { ...customer, version: customer.version + 1 });
      return Promise.resolve(true);
    },
  };
}

export function memoryNumbers(): NumberStore {
  const stored = new Map<string, NumberSpans>();
  return {
    find: (numbers) =>
      Promise.resolve(
        new Map(
          numbers.flatMap((number): [string, NumberSpans][] => {
            const found = stored.get(number);
            return found ? [[number, found]] : [];
          }),
        ),
      ),
    save(number, known, next) {
      if (stored.get(number)?.version !== known?.version) return Promise.resolve(false);
      stored.set(number, next);
      return Promise.resolve(true);
    },
    ofBrand: (brandId) =>
      Promise.resolve(
        [...stored]
          .filter(([, { spans }]) => spans.some(({ owner }) => owner?.brandId === brandId))
          .map(([number]) => number),
      ),
  };
}

export function memoryThreadIndex(store: MemoryStore): ThreadIndex {
  const all = (): (Thread & { id: string })[] =>
    [...store.documents.values()].map(({ id, state }) => ({ ...(state as unknown as Thread), id }));
  const idsOf = (isMeant: (thread: Thread) => boolean): string[] =>
    all()
      .filter(isMeant)
      .map(({ id }) => id)
      .sort();
  async function* pages(isMeant: (thread: Thread) => boolean): AsyncGenerator<readonly string[]> {
    const ids = await Promise.resolve(idsOf(isMeant));
    for (let from = 0; from < ids.length; from += 500) yield ids.slice(from, from + 500);
  }
  return {
    unclaimed: (number, connection) =>
      pages((thread) => thread.number === number && thread.connection === connection && thread.owner === null),
    openBefore: (number, connection) =>
      pages((thread) => thread.number === number && thread.connection < connection && isOpenChat(thread.chat)),
    open: (number) => pages((thread) => thread.number === number && isOpenChat(thread.chat)),
    unclaimedNumbers: () =>
      Promise.resolve([
        ...new Set(
          all()
            .filter(({ owner }) => owner === null)
            .map(({ number }) => number),
        ),
      ]),
    heads: (threadIds) =>
      Promise.resolve(
        all()
          .filter(({ id }) => threadIds.includes(id))
          .map(({ id, chat, last, freeUntil }) => ({
            threadId: id,
            openChatId: isOpenChat(chat) ? chat.id : '',
            last,
            freeUntil,
          })),
      ),
    absorbedBy: (threadIds) =>
      Promise.resolve(
        all().flatMap(({ id, into }) => (into !== null && threadIds.includes(into) ? [{ threadId: id, into }] : [])),
      ),
  };
}

/** Transcript and rows of chats, with the projection that fills them. */
export function memoryProjections(): {
  readonly project: Project<Thread>;
  readonly transcript: Transcript;
  readonly chatRows: ChatRows;
} {
  const entries = new Map<string, TranscriptDocument>();
  const rows = new Map<string, ChatRow>();
  const byPlace = (a: TranscriptDocument, b: TranscriptDocument): number =>
    a.at.getTime() - b.at.getTime() || a.s - b.s || (a.t < b.t ? -1 : Number(a.t > b.t));
  const toEntry = ({ t, s, at, b }: TranscriptDocument) => ({ threadId: t, sequence: s, at, event: b });

  return {
    project(written) {
      for (const each of written) {
        const read = entriesOf(each);
        for (const { document } of read) if (!entries.has(document._id)) entries.set(document._id, document);
        for (const { id, change } of rowsOfCompleted(each, read)) {
          const row = rows.get(id);
          if (row && row.sequence < change.sequence) rows.set(id, { ...row, ...change });
        }
        for (const { _id: id, ...row } of rowsOf(each.aggregateId, each.sequence, each.state, read)) {
          if ((rows.get(id)?.sequence ?? -1) < row.sequence) rows.set(id, { id, ...row });
        }
      }
      return Promise.resolve();
    },
    transcript: {
      has: (items) =>
        Promise.resolve(
          new Set(
            items
              .filter((item) => [...entries.values()].some(({ t, w }) => t === item.threadId && w === item.itemId))
              .map((item) => `${item.threadId} ${item.itemId}`),
          ),
        ),
      page({ threadIds, chatId, before, limit }) {
        const mark = before && ({ at: before.at, s: before.sequence, t: before.threadId } as TranscriptDocument);
        const found = [...entries.values()]
          .filter(({ t, l, c }) => threadIds.includes(t) && l && (chatId === undefined || c === chatId))
          .filter((entry) => !mark || byPlace(entry, mark) < 0)
          .sort((a, b) => byPlace(b, a));
        const page = found.slice(0, limit);
        const last = page.at(-1);
        const next = found.length > limit && last ? { at: last.at, threadId: last.t, sequence: last.s } : undefined;
        return Promise.resolve({ entries: page.map(toEntry), next });
      },
      notes: (threadIds, wamids) =>
        Promise.resolve(
          [...entries.values()]
            .filter(({ t, n }) => threadIds.includes(t) && n !== undefined && wamids.includes(n))
            .sort(byPlace)
            .map(toEntry),
        ),
      isThere: (threadId, sequence) => Promise.resolve(entries.has(`${threadId}:${sequence}`)),
    },
    chatRows: {
      list({ organisationId, states, number, departmentId, brandId, customer, operator, tag }, after, limit) {
        const wanted = Object.entries({ number, departmentId, brandId, customer, operator }).filter(
          ([, value]) => value,
        );
        const found = [...rows.values()]
          .filter((row) => row.organisationId === organisationId && states.includes(row.state))
          .filter((row) => wanted.every(([name, value]) => row[name as keyof ChatRow] === value))
          .filter((row) => tag === undefined || row.tags.includes(tag))
          .filter((row) => !after || byActivity(after, row) < 0)
          .sort(byActivity);
        return Promise.resolve(found.slice(0, limit));
      },
      find(chatId, organisationId) {
        const row = rows.get(chatId);
        return Promise.resolve(row?.organisationId === organisationId ? row : undefined);
      },
    },
  };
}

type Active = Pick<ChatRow, 'lastAt' | 'id'>;
const byActivity = (a: Active, b: Active): number =>
  b.lastAt.getTime() - a.lastAt.getTime() || (a.id > b.id ? -1 : Number(a.id < b.id));

export function memoryMessageStates(): MessageStates {
  const stored = new Map<string, MessageStateView & { times: { state: number; at: Date }[] }>();
  return {
    note(rows) {
      for (const { at, reached, ...row } of rows) {
        const known = stored.get(row.messageId);
        const times = known?.times ?? [];
        const time = times.find(({ state }) => state === reached);
        const isEarlier = !time || at < time.at;
        const merged = isEarlier ? [...times.filter((each) => each !== time), { state: reached, at }] : times;
        const newest =
          known && known.sequence >= row.sequence ? known : { ...row, wamid: row.wamid || (known?.wamid ?? '') };
        stored.set(row.messageId, { ...newest, times: merged });
      }
      return Promise.resolve();
    },
    of: (messageIds) => Promise.resolve(messageIds.flatMap((id) => stored.get(id) ?? [])),
  };
}
