import { type GetMessage } from './get-message.js';
import { wentSinceOf } from './hear-timers.js';
import { type Clock, type KeptMessage, type MessageLists, type Messages } from './ports.js';

export type ResolveMessage = ReturnType<typeof createResolveMessage>;

/** A person's word on a message of which nobody knows (TX-4). */
export function createResolveMessage(deps: {
  messages: Messages;
  lists: MessageLists;
  getMessage: GetMessage;
  clock: Clock;
}) {
  const { messages, getMessage, clock } = deps;
  return async function resolveMessage(
    messageId: string,
    resolution: 'send-again' | 'give-up',
    organisation: string | undefined,
  ): Promise<KeptMessage> {
    await getMessage(messageId, organisation);
    const wentSince = await wentSinceOf(deps, messageId);
    await messages.command(messageId, { kind: 'resolve', resolution, wentSince, at: clock.now() });
    return getMessage(messageId, organisation);
  };
}
