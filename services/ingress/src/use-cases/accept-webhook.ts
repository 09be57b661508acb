import type { Read } from '../domain/events.js';
import { readWebhook } from '../domain/read-webhook.js';
import type { Append, Clock, Hash, IsSigned } from './ports.js';

export type AcceptWebhook = ReturnType<typeof createAcceptWebhook>;

/**
 * Takes a body in: checks the signature over the raw bytes, splits it into events, and has all of them in the log before
 * it says so (RX-1 … RX-3). What is no JSON or not Meta's envelope is kept in quarantine: Meta would only repeat it.
 */
export function createAcceptWebhook(deps: {
  isSigned: IsSigned;
  append: Append;
  hash: Hash;
  now: Clock;
  observe: (events: readonly Read[]) => void;
}) {
  return async function acceptWebhook(
    bytes: Uint8Array,
    signature: string | undefined,
    traceparent?: string,
  ): Promise<'accepted' | 'unsigned'> {
    if (!deps.isSigned(bytes, signature)) return 'unsigned';
    const events = split(bytes);
    if (events.length > 0) await deps.append(events, traceparent);
    deps.observe(events);
    return 'accepted';
  };

  function split(bytes: Uint8Array): readonly Read[] {
    const id = deps.hash(bytes);
    const receivedAt = deps.now();
    const json = parsed(bytes);
    if (json === undefined) return [unreadable(bytes, id, receivedAt, 'ingress.not-json', 'the body is not JSON')];
    return (
      readWebhook({ id, json, receivedAt }, deps.hash) ?? [
        unreadable(bytes, id, receivedAt, 'ingress.not-an-envelope', 'the body has no `entry` list as Meta’s have'),
      ]
    );
  }
}

const decoder = new TextDecoder();

/** Undefined when it is not JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function unreadable(bytes: Uint8Array, bodyId: string, receivedAt: Date, code: string, reason: string): Read {
  const source = { bodyId, entry: 0, change: 0, item: 0, entryId: '', field: '', receivedAt };
  return {
    topic: 'quarantine',
    event: { eventId: `${code}:${bodyId}`, source, code, reason, raw: Buffer.from(bytes) },
  };
}
