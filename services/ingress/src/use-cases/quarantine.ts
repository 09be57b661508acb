import { Failure, invalid } from '@switchboard/errors';
import type { Read } from '../domain/events.js';
import { readWebhook } from '../domain/read-webhook.js';
import type { Append, Clock, Hash, Quarantine, QuarantinedItem, QuarantinePage } from './ports.js';

export type QuarantineUseCases = ReturnType<typeof createQuarantineUseCases>;

export function createQuarantineUseCases(deps: { quarantine: Quarantine; append: Append; hash: Hash; now: Clock }) {
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
      const events = readAgain(item, deps);
      const [still] = events.filter((each) => each.topic === 'quarantine').map(({ event }) => event);
      if (events.length === 0 || still) {
        const { code, reason } = still ?? item;
        throw invalid(code, [{ field: 'quarantine_id', description: `the item still cannot be read: ${reason}` }]);
      }
      await deps.append(events, undefined);
      return { eventIds: events.map(({ event }) => event.eventId) };
    },
  };
}

/** A whole body as it came, or an item in the frame it was taken out of. */
function readAgain(item: QuarantinedItem, deps: { hash: Hash; now: Clock }): Read[] {
  const json = JSON.parse(new TextDecoder().decode(item.raw)) as unknown;
  const receivedAt = item.receivedAt ?? deps.now();
  const body = { id: deps.hash(item.raw), receivedAt };
  if (item.field === '') return readWebhook({ ...body, json }, deps.hash) ?? [];
  const change = { field: item.field, value: json };
  const entry = [{ id: item.entryId, changes: [change] }];
  return readWebhook({ ...body, json: { object: 'whatsapp_business_account', entry } }, deps.hash) ?? [];
}
