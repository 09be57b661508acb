import type { FoldContext, SourceSequence } from './types.js';

/** A reader's memory, in the same document as the effect: the last sequence per source (rule 15). */
export type Seen = Readonly<Record<string, number>>;

/**
 * The memory after this event, or null when the event was seen before. An event that was set aside and is replayed
 * passes although the memory is above it.
 */
export function admits(seen: Seen, { source, sequence }: SourceSequence, context: FoldContext): Seen | null {
  const last = seen[source] ?? 0;
  if (sequence > last) return { ...seen, [source]: sequence };
  return context.replayed ? seen : null;
}
