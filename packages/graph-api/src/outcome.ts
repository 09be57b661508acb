import { type Ruling, rulingOf, rulingOfStatus } from './consequence.js';
import { type MetaError, readError, recordIn } from './errors.js';

/** How a call that sends a message ended. A value, because each has its own consequence. */
export type SendOutcome =
  /** Meta has it; not that it was delivered. */
  | {
      readonly kind: 'accepted';
      readonly whatsappMessageId: string;
      /** `accepted`, `held_for_quality_assessment`, `paused`, or empty. */
      readonly messageStatus: string;
      readonly phone?: string;
      readonly userId?: string;
    }
  /** Meta does not take it, or not now: the ruling says what follows, `retryAfterMs` for how long Meta asks to wait. */
  | {
      readonly kind: 'refused';
      readonly error: MetaError;
      readonly ruling: Ruling;
      readonly retryAfterMs?: number;
    }
  /** Nobody knows whether Meta has it. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** It never left this machine: safe to try again. */
  | { readonly kind: 'not-sent'; readonly reason: string };

/** What an answer means. A 2xx without a message id and a 5xx without Meta's own error leave us not knowing. */
export function outcomeOf(status: number, retryAfter: string | undefined, text: string): SendOutcome {
  const body = parsed(text);
  const found = readError(body);
  const isSuccess = status >= 200 && status < 300;
  if (!found && isSuccess) return accepted(body) ?? { kind: 'unknown', reason: 'an answer without a message id' };
  if (!found && (status >= 500 || status === 408)) {
    return { kind: 'unknown', reason: `HTTP ${status} without Meta's error` };
  }
  const retryAfterMs = Number(retryAfter) > 0 ? Number(retryAfter) * 1000 : undefined;
  const wait = retryAfterMs !== undefined && { retryAfterMs };
  if (!found) return { kind: 'refused', error: unnamed(status), ruling: rulingOfStatus(status), ...wait };
  const { error, isTransient } = found;
  const ruling = rulingOf(error.code, { status, subcode: error.subcode, isTransient });
  return { kind: 'refused', error, ruling, ...wait };
}

function accepted(body: unknown): SendOutcome | undefined {
  const message = first(body, 'messages');
  const contact = first(body, 'contacts');
  const id = message?.['id'];
  if (typeof id !== 'string' || id === '') return undefined;
  const { wa_id: phone, user_id: userId } = contact ?? {};
  const status = message?.['message_status'];
  return {
    kind: 'accepted',
    whatsappMessageId: id,
    messageStatus: typeof status === 'string' ? status : '',
    ...(typeof phone === 'string' && { phone }),
    ...(typeof userId === 'string' && { userId }),
  };
}

const first = (body: unknown, name: string): Record<string, unknown> | undefined => recordIn(recordIn(body, name), '0');

const unnamed = (status: number): MetaError => ({
  code: 0,
  subcode: 0,
  title: `HTTP ${status}`,
  message: 'an answer without an error of Meta',
  details: '',
  traceId: '',
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
