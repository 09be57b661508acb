import type { Source } from '@switchboard/contracts/ingress/v1/events';
import { whatsappQuarantine } from '@switchboard/contracts/topics';
import { invalid } from '@switchboard/errors';
import type { Lookback, Placed } from '@switchboard/kafka';
import type { Quarantine, QuarantinedItem } from '../../use-cases/ports.js';

/** An answer over gRPC may have 8 MB, and one item half of that. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** The quarantine as the log has it; ingress keeps no store of its own. */
export function createQuarantine(log: Lookback): Quarantine {
  return {
    async page(size, token, signal) {
      const before = token === '' ? undefined : readToken(token);
      for (let limit = size; ; limit = Math.ceil(limit / 2)) {
        const { records, next } = await log.page(limit, before, signal);
        const bytes = records.reduce((sum, { record }) => sum + (record.value?.byteLength ?? 0), 0);
        if (bytes > PAGE_BYTES && limit > 1) continue;
        return {
          items: records.map(toItem),
          nextPageToken: next ? Buffer.from(JSON.stringify(next)).toString('base64url') : '',
        };
      }
    },
    async find(quarantineId, signal) {
      const [, partition, offset] = /^(\d{1,5})-(\d{1,15})$/.exec(quarantineId) ?? [];
      if (partition === undefined || offset === undefined) {
        throw invalid('ingress.invalid-request', [
          { field: 'quarantine_id', description: 'must come from ListQuarantined; list the items and copy it' },
        ]);
      }
      const record = await log.at(Number(partition), Number(offset), signal);
      return record ? toItem({ partition: Number(partition), record }) : undefined;
    },
  };
}

function toItem({ partition, record }: Placed): QuarantinedItem {
  const { source, ...quarantined } = whatsappQuarantine.decode(record.value ?? new Uint8Array());
  return { ...quarantined, quarantineId: `${partition}-${record.offset}`, source: toSource(source, record.timestamp) };
}

/** Every record of ours names its source. */
const toSource = (
  { receivedAt, ...source }: Source = {
    bodyId: '',
    entry: 0,
    change: 0,
    item: 0,
    entryId: '',
    field: '',
    receivedAt: undefined,
  },
  timestamp: number,
): QuarantinedItem['source'] => ({ ...source, receivedAt: receivedAt ?? new Date(timestamp) });

function readToken(token: string): Record<string, number> {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
    if (isPositions(read)) {
      return read;
    }
  } catch {
    // Said below, with the remedy.
  }
  throw invalid('ingress.invalid-request', [
    { field: 'page_token', description: 'must be empty or come from the answer before; start at the first page' },
  ]);
}

const isPositions = (read: unknown): read is Record<string, number> =>
  typeof read === 'object' &&
  read !== null &&
  Object.entries(read).every(([partition, offset]) => /^\d+$/.test(partition) && Number.isSafeInteger(offset));
