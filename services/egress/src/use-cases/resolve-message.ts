import { type GetMessage } from './get-message.js';
import { wentSinceOf } from './hear-timers.js';
import { type Clock, type KeptMessage, type MessageLists, type Messages, type Observer } from './ports.js';

export type ResolveMessage = ReturnType<typeof createResolveMessage>;

/** A person's word on a message of which nobody knows (TX-4). */
export function createResolveMessage(deps: {
  messages: Messages;
  lists: MessageLists;
  getMessage: GetMessage;
  clock: Clock;
  observer: Observer;
}) {
  const { messages, getMessage, clock, observer } = deps;
  return async function resolveMessage(
    messageId: string,
    resolution: 'send-again' | 'give-up',
    organisation: string | undefined,
  ): Promise<KeptMessage> {
    await getMessage(messageId, organisation);
    const wentSince = await wentSinceOf(deps, messageId);
    await messages.command(messageId, { kind: 'resolve', resolution, wentSince, at: clock.now() });
    observer.resolved(resolution);
    return getMessage(messageId, organisation);
  };
}
