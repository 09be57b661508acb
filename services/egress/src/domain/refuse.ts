import { type Folded, unchangedOr } from './folded.js';
import { expired } from './gate/expiry.js';
import { type Refuse } from './inputs.js';
import { type Message } from './message.js';

/** A message that waits is refused, or was not sent in the time it was worth sending. */
export function refuse(message: Message, { refusal, at }: Refuse): Folded {
  if (message.queue !== 'waiting') return unchangedOr(message, message, []);
  const state = refusal.code === expired.code ? 'expired' : 'refused';
  const next: Message = { ...message, queue: undefined, notBefore: undefined, state, refusal };
  return unchangedOr(message, next, [{ kind: 'refused', message: next, refusal, at }]);
}
