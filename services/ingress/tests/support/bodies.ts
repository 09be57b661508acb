import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256 } from '../../src/adapters/node/crypto.js';
import type { Read } from '../../src/domain/events.js';
import { readWebhook } from '../../src/domain/read-webhook.js';

export const root = resolve(__dirname, '../../../..');
export const payloads = join(root, 'tests/payloads');
export const receivedAt = new Date('2026-11-25T12:00:00Z');

export const readBody = (json: unknown): Read[] | undefined => readWebhook({ id: 'body', json, receivedAt }, sha256);

export const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Paths of the JSON files in a folder, without those below it. */
export const files = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));

/** An event as `expected/` writes it: without empty fields, raw bytes and digests. */
export function plain({ topic, event }: Read): unknown {
  const { source, eventId, ...rest } = event;
  return {
    topic,
    eventId: /^[0-9a-f]{64}$/.test(eventId) ? '(derived)' : eventId,
    entry: source.entryId,
    field: source.field,
    at: [source.entry, source.change, source.item].join('.'),
    ...(withoutEmpty(rest) as object),
  };
}

function withoutEmpty(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return undefined;
  if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).toISOString();
  if (Array.isArray(value)) return value.length > 0 ? value.map(withoutEmpty) : undefined;
  if (typeof value !== 'object' || value === null) return value === '' ? undefined : value;
  const kept = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, withoutEmpty(inner)])
    // Not billable is something else than not told.
    .filter(([key, inner]) => inner !== undefined && (inner !== false || key === 'billable'));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

export const metadata = { display_phone_number: '15550140077', phone_number_id: '341' };

/** A body with these changes in one entry. */
export const envelope = (...changes: unknown[]): unknown => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '215', changes }],
});

/** A change of one number. */
export const ofNumber = (field: string, value: object): unknown => ({ field, value: { metadata, ...value } });

export const messages = (...items: unknown[]): unknown => ofNumber('messages', { messages: items });

/** A text as Meta sends it. */
export const text = (id: string, extra: object = {}): object => ({
  from: '12025550143',
  id,
  timestamp: '1795168800',
  type: 'text',
  text: { body: id },
  ...extra,
});

export const shape = (read: readonly Read[] | undefined): string[] | undefined =>
  read?.map(({ topic, event }) => `${topic} ${event.eventId}`);
