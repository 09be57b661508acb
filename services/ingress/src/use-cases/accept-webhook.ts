import { Failure } from '@switchboard/errors';
import type { Read } from '../domain/events.js';
import { parse } from '../domain/json.js';
import { readWebhook } from '../domain/read-webhook.js';
import type { Append, Clock, Hash, IsSigned } from './ports.js';

export type AcceptWebhook = ReturnType<typeof createAcceptWebhook>;

/**
 * Takes a body in: checks the signature over the raw bytes, splits it into events, and has all of them in the log before
 * it says so (RX-1 … RX-3). What no repetition would make readable is kept in quarantine, because Meta would only
 * repeat it for a week.
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
    const id = deps.hash(bytes);
    const receivedAt = deps.now();
    const whole = (code: string, reason: string): Read[] => [wholeBody(bytes, id, receivedAt, code, reason)];

    let events = split(bytes, id, receivedAt, whole);
    if (events.length > 0) {
      try {
        await deps.append(events, traceparent);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        events = whole('ingress.too-large', 'the body holds an item that is larger than the log takes');
        await deps.append(events, traceparent).catch(tellLogTooSmall);
      }
    }
    deps.observe(events);
    return 'accepted';
  };

  function split(
    bytes: Uint8Array,
    id: string,
    receivedAt: Date,
    whole: (code: string, reason: string) => Read[],
  ): readonly Read[] {
    const json = parsed(bytes);
    if (json === undefined) return whole('ingress.not-json', 'the body is not JSON');
    try {
      return (
        readWebhook({ id, json, receivedAt }, deps.hash) ??
        whole('ingress.not-an-envelope', 'the body has no `entry` list as Meta’s have')
      );
    } catch (error) {
      // For example a body nested so deeply that its items cannot be written again. Kept, it can be read by a later version.
      return whole('ingress.unreadable-body', `the parser failed: ${String(error)}`);
    }
  }
}

const isTooLarge = (error: unknown): error is Failure => error instanceof Failure && error.kind === 'invalid';

/** A log that takes no body of 3 MB is set up wrong; Meta keeps the body until that is mended. */
function tellLogTooSmall(cause: unknown): never {
  if (!isTooLarge(cause)) throw cause;
  const remedy = 'raise `max.message.bytes` of the topics `whatsapp.*` to 4 MB';
  throw new Failure('unavailable', 'ingress.log-too-small', remedy, { cause });
}

const decoder = new TextDecoder();

/** Undefined when it is not JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

function wholeBody(bytes: Uint8Array, bodyId: string, receivedAt: Date, code: string, reason: string): Read {
  const source = { bodyId, entry: 0, change: 0, item: 0, entryId: '', field: '', receivedAt };
  const [raw, frame] = [Buffer.from(bytes), Buffer.alloc(0)];
  return {
    topic: 'quarantine',
    event: { eventId: `${code}:${bodyId}`, source, code, reason, raw, part: 'body', frame },
  };
}
