import { Refused } from '../errors.js';
import type { Json } from '../json.js';

/**
 * One page of a list as the Graph API gives it: `{data, paging: {cursors: {before, after}, next?, previous?}}`, and
 * `{data: []}` where there is nothing. A cursor names a place by `keyOf`, which must grow along the list and stay with
 * its item; so pages neither skip nor repeat when the list changes between them.
 */
export function pageOf<Item>(
  items: readonly Item[],
  url: URL,
  given: { most: number; keyOf: (item: Item) => number; toJson: (item: Item) => Json },
): Json {
  const { keyOf } = given;
  const query = url.searchParams;
  const limit = Math.min(Math.max(1, Number(query.get('limit') ?? 25) || 25), given.most);
  const after = keyIn(query.get('after'));
  const before = after === undefined ? keyIn(query.get('before')) : undefined;
  const fitting = items.filter(
    (item) => (after === undefined || keyOf(item) > after) && (before === undefined || keyOf(item) < before),
  );
  const page = before === undefined ? fitting.slice(0, limit) : fitting.slice(-limit);
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return { data: [] };
  const lastOfAll = items.at(-1);
  const cursors = { before: cursorOf(keyOf(first)), after: cursorOf(keyOf(last)) };
  return {
    data: page.map(given.toJson),
    paging: {
      cursors,
      ...(last !== lastOfAll && { next: withCursor(url, 'after', cursors.after) }),
      ...(first !== items[0] && { previous: withCursor(url, 'before', cursors.before) }),
    },
  };
}

function withCursor(url: URL, name: 'after' | 'before', cursor: string): string {
  const other = new URL(url);
  other.searchParams.delete(name === 'after' ? 'before' : 'after');
  other.searchParams.set(name, cursor);
  return other.href;
}

const cursorOf = (key: number) => Buffer.from(`at ${key}`).toString('base64url');

/** @throws Refused 131059 for a cursor we did not give. */
function keyIn(cursor: string | null): number | undefined {
  if (cursor === null || cursor === '') return undefined;
  const key = /^at (-?\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (key === undefined) throw new Refused(131059, { details: 'The cursor is not valid.' });
  return Number(key);
}
