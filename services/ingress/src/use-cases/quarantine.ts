import { Failure, invalid } from '@switchboard/errors';
import type { Read, Source } from '../domain/events.js';
import { parse } from '../domain/json.js';
import { bodyAround } from '../domain/place.js';
import { readWebhook } from '../domain/read-webhook.js';
import type { Append, Hash, Quarantine, QuarantinedItem, QuarantinePage } from './ports.js';

export type QuarantineUseCases = ReturnType<typeof createQuarantineUseCases>;

export function createQuarantineUseCases(deps: {
  quarantine: Quarantine;
  append: Append;
  hash: Hash;
  observe: (events: readonly Read[]) => void;
}) {
  return {
    listQuarantined(request: { pageSize: number; pageToken: string }, signal: AbortSignal): Promise<QuarantinePage> {
      if (request.pageSize > 500) {
        throw invalid('ingress.invalid-request', [
          { field: 'page_size', description: 'must be 1 to 500, or 0 for 50; ask for smaller pages' },
        ]);
      }
      return deps.quarantine.page(request.pageSize || 50, request.pageToken, signal);
    },

    /** Reads an item again with the parser of this version. What it finds has the ids it would have had. */
    async replayQuarantined(quarantineId: string, signal: AbortSignal): Promise<{ eventIds: string[] }> {
      const item = await deps.quarantine.find(quarantineId, signal);
      if (!item)
        throw new Failure('not-found', 'ingress.not-quarantined', 'no such item; it may be older than 30 days');
      const events = readAgain(item, deps.hash);
      const unread = events.find((each) => each.topic === 'quarantine')?.event;
      if (events.length === 0 || unread) {
        const { code, reason } = unread ?? item;
        throw invalid(code, [{ field: 'quarantine_id', description: `the item still cannot be read: ${reason}` }]);
      }
      await deps.append(events, undefined);
      deps.observe(events);
      return { eventIds: events.map(({ event }) => event.eventId) };
    },
  };
}

/** Read in the frame it was taken out of, and told as from where it stood. Empty when it cannot be read or says nothing. */
function readAgain({ raw, frame, part, source }: QuarantinedItem, hash: Hash): Read[] {
  try {
    const around = frame.length > 0 ? parseBytes(frame) : undefined;
    const json = bodyAround(part, around, parseBytes(raw));
    const events = readWebhook({ id: source.bodyId, json, receivedAt: source.receivedAt }, hash) ?? [];
    return events.map((each) => stoodAt(each, part, source));
  } catch {
    // No JSON, or what made the parser fail still does.
    return [];
  }
}

function stoodAt(read: Read, part: string, { entry, change, item }: Source): Read {
  if (part === 'body') return read;
  const place = part === 'entry' ? { entry } : part === 'change' ? { entry, change } : { entry, change, item };
  return { ...read, event: { ...read.event, source: { ...read.event.source, ...place } } } as Read;
}

const parseBytes = (bytes: Uint8Array): unknown => parse(new TextDecoder().decode(bytes));
