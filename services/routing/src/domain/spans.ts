/** Whose a number is, and under which connection. */
export interface Owner {
  readonly organisationId: string;
  readonly brandId: string;
  readonly departmentId: string;
}

/** From an offset of `whatsapp.messages` on, the number had this connection and this owner. */
export interface Span {
  readonly from: number;
  readonly connection: number;
  readonly owner: Owner | null;
}

/** What routing keeps of a number: the version of account.numbers it has applied, and its spans in order. */
export interface NumberSpans {
  readonly version: number;
  readonly spans: readonly Span[];
}

/** A number that account never announced: nobody's, under its first connection. */
const unannounced: Span = { from: 0, connection: 1, owner: null };

/**
 * The span an input belongs to, as of its own position: read twice, it goes to the same thread, although the number may
 * have changed hands in between.
 */
export function spanAt(number: NumberSpans | undefined, offset: number): Span {
  return number?.spans.findLast(({ from }) => from <= offset) ?? unannounced;
}

export const currentSpan = (number: NumberSpans | undefined): Span => number?.spans.at(-1) ?? unannounced;

/** Who had the number under a connection last; null when nobody did (yet). */
export const ownerUnder = (number: NumberSpans | undefined, connection: number): Owner | null =>
  number?.spans.findLast((span) => span.connection === connection && span.owner !== null)?.owner ?? null;

/** Spans kept; older ones end long before the log does. */
const KEPT = 50;

/** Applies what account says; undefined when it is not newer. `from` is the next offset that will be handled. */
export function applyNumber(
  known: NumberSpans | undefined,
  news: { readonly version: number; readonly connection: number; readonly owner: Owner | null },
  from: number,
): NumberSpans | undefined {
  if (known && news.version <= known.version) return undefined;
  const { version, connection, owner } = news;
  const before = known?.spans ?? [];
  const last = before.at(-1);
  if (last?.connection === connection && sameOwner(last.owner, owner)) return { version, spans: before };
  // Two changes before any message: the later one is all that any message will see.
  const earlier = before.filter((span) => span.from < from);
  return { version, spans: [...earlier, { from, connection, owner }].slice(-KEPT) };
}

const sameOwner = (a: Owner | null, b: Owner | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.organisationId === b.organisationId &&
    a.brandId === b.brandId &&
    a.departmentId === b.departmentId);

export const threadIdOf = (number: string, connection: number, customer: string): string =>
  `${number}.${connection}.${customer}`;

/** The parts of a thread's id; undefined when it is none. */
export function partsOfThreadId(id: string): { number: string; connection: number; customer: string } | undefined {
  const [, number, connection, customer] = /^(\d{1,32})\.(\d{1,9})\.([A-Za-z0-9_-]{1,64})$/.exec(id) ?? [];
  return number !== undefined && customer !== undefined
    ? { number, connection: Number(connection), customer }
    : undefined;
}

/** A chat's id is its thread's and a number: `<thread>:<n>`. */
export function threadOfChat(chatId: string): string | undefined {
  const [, thread] = /^(.+):\d{1,9}$/.exec(chatId) ?? [];
  return thread !== undefined && partsOfThreadId(thread) ? thread : undefined;
}
