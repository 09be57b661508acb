import type { ThreadIndex } from '../ports.js';

/**
 * Each thread with all that were joined into it, directly or by way of another, itself first: what a customer wrote under
 * names that turned out to be theirs.
 */
export async function withAbsorbed(
  index: Pick<ThreadIndex, 'absorbedBy'>,
  threadIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const partsOf = new Map<string, string[]>();
  const seen = new Set(threadIds);
  for (let asked = [...seen]; asked.length > 0;) {
    const found = await index.absorbedBy(asked);
    for (const { threadId, into } of found) partsOf.set(into, [...(partsOf.get(into) ?? []), threadId]);
    asked = found.map(({ threadId }) => threadId).filter((threadId) => !seen.has(threadId));
    for (const threadId of asked) seen.add(threadId);
  }
  return new Map([...new Set(threadIds)].map((threadId) => [threadId, [...reach(threadId, partsOf)]]));
}

/** A set keeps the order it was filled in, and a circle from being walked twice. */
function reach(threadId: string, partsOf: ReadonlyMap<string, readonly string[]>): Set<string> {
  const all = new Set([threadId]);
  for (const each of all) for (const part of partsOf.get(each) ?? []) all.add(part);
  return all;
}
