import { Failure } from '@switchboard/errors';
import { type KeptMessage, type Messages } from './ports.js';

export type GetMessage = ReturnType<typeof createGetMessage>;

/** One message. What belongs to another organisation is not there (SE-1). */
export function createGetMessage({ messages }: { messages: Messages }) {
  return async function getMessage(messageId: string, organisation: string | undefined): Promise<KeptMessage> {
    const snapshot = await messages.read(messageId);
    const message = snapshot?.state;
    if (message?.state === undefined) throw notFound();
    if (organisation !== undefined && message.organisation !== organisation) throw notFound();
    return { messageId, message, sequence: snapshot?.sequence ?? 0 };
  };
}

const notFound = (): Failure =>
  new Failure(
    'not-found',
    'egress.message-not-found',
    'no such message; the id is that of SendResponse or of an event',
  );
