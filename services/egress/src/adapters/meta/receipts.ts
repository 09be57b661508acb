import { Failure, isTransient } from '@switchboard/errors';
import { type GraphClient, rulingOf } from '@switchboard/graph-api';
import { type TellRead } from '../../use-cases/mark-read.js';

/** Read receipts over Meta's Cloud API. Source: Meta, *Mark messages as read*, *Typing indicators*. */
export const createTellRead =
  (graph: Pick<GraphClient, 'markRead'>): TellRead =>
  async ({ number, whatsappMessageId, isTyping }, token) => {
    try {
      await graph.markRead(number, token, whatsappMessageId, isTyping);
    } catch (error) {
      throw error instanceof Failure ? told(error) : error;
    }
  };

/** Meta's refusal with what to do; what may be over in a moment, and what is wrong with the token, stays what it is. */
function told(failure: Failure): Failure {
  const { kind, code, message } = failure;
  if (kind === 'unauthenticated' || isTransient(failure)) return failure;
  const { remedy, scope } = rulingOf(Number(code.replace('meta.', '')));
  const description = `Meta does not take it: ${message}; ${remedy}`;
  return new Failure('invalid', code, description, {
    cause: failure,
    violations: [{ field: scope === 'message' ? 'whatsapp_message_id' : 'phone_number_id', description }],
    details: { remedy },
  });
}
