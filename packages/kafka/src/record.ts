import { type KafkaMessage, type Message } from 'kafkajs';

/** A record to be published. Its key decides its partition; records with one key stay in order. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  /** Null deletes the key from a compacted topic. */
  readonly value: Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds; now when absent. Never the event's own time: retention would eat late events. */
  readonly timestamp?: number;
  /** Only for what is said to every partition; otherwise the key decides. */
  readonly partition?: number;
}

/** A record as it was read. */
export interface IncomingRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was said, in milliseconds. */
  readonly timestamp: number;
}

/** Offset, lengths, attributes and the share of the batch header. */
const RECORD_OVERHEAD = 70;

/** About how many bytes the record takes in a send. */
export function recordBytes({ key, value, headers = {} }: OutgoingRecord): number {
  let bytes = RECORD_OVERHEAD + Buffer.byteLength(key) + (value?.byteLength ?? 0);
  for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name] ?? '') + 4;
  return bytes;
}

export function toMessage({ key, value, headers, timestamp, partition }: OutgoingRecord): Message {
  return {
    key,
    value: value && Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    ...(headers && { headers: { ...headers } }),
    ...(timestamp !== undefined && { timestamp: String(timestamp) }),
    ...(partition !== undefined && { partition }),
  };
}

export function fromMessage({ offset, key, value, headers = {}, timestamp }: KafkaMessage): IncomingRecord {
  return {
    offset: Number(offset),
    key: key?.toString() ?? null,
    value,
    headers: text(headers),
    timestamp: Number(timestamp),
  };
}

function text(headers: NonNullable<KafkaMessage['headers']>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) result[name] = first.toString();
  }
  return result;
}

export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
