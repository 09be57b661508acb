import { whatsappQuarantine } from '@switchboard/contracts/topics';
import { invalid } from '@switchboard/errors';
import type { Lookback, Placed } from '@switchboard/kafka';
import type { Quarantine, QuarantinedItem } from '../../use-cases/ports.js';

/** The quarantine as the log has it; ingress keeps no store of its own. */
export function createQuarantine(log: Lookback): Quarantine {
  return {
    async page(size, token, signal) {
      const { records, next } = await log.page(size, token === '' ? undefined : readToken(token), signal);
      return {
        items: records.map(toItem),
        nextPageToken: next ? Buffer.from(JSON.stringify(next)).toString('base64url') : '',
      };
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
  const { code, reason, raw, source } = whatsappQuarantine.decode(record.value ?? new Uint8Array());
  return {
    quarantineId: `${partition}-${record.offset}`,
    code,
    reason,
    raw,
    receivedAt: source?.receivedAt,
    entryId: source?.entryId ?? '',
    field: source?.field ?? '',
  };
}

function readToken(token: string): Record<string, number> {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
    if (typeof read === 'object' && read !== null && Object.values(read).every((each) => Number.isInteger(each))) {
      return read as Record<string, number>;
    }
  } catch {
    // Said below, with the remedy.
  }
  throw invalid('ingress.invalid-request', [
    { field: 'page_token', description: 'must be empty or come from the answer before; start at the first page' },
  ]);
}
