import { createHmac, timingSafeEqual } from 'node:crypto';
import type { OutgoingRecord } from '@switchboard/kafka';
import { toRecord } from '../../services/ingress/dist/adapters/kafka/webhook-log.js';
import { sha256 } from '../../services/ingress/dist/adapters/node/crypto.js';
import { readWebhook } from '../../services/ingress/dist/domain/read-webhook.js';
import { SECRET } from '../webhooks.ts';

/** The records of a body; what every subject does, whatever stands around it. */
export const recordsOf = (bytes: Uint8Array, json: unknown): OutgoingRecord[] =>
  (readWebhook({ id: sha256(bytes), json, receivedAt: new Date() }, sha256) ?? []).map((event) => toRecord(event));

export function isSigned(bytes: Uint8Array, header: string | string[] | undefined): boolean {
  if (typeof header !== 'string') return false;
  const given = Buffer.from(header.slice('sha256='.length), 'hex');
  const own = createHmac('sha256', SECRET).update(bytes).digest();
  return given.length === own.length && timingSafeEqual(own, given);
}
