import { type KeptMessage, type MessageLists, type MessageQuery, type Place } from './ports.js';

export interface MessagePage {
  /** Newest first. */
  readonly messages: readonly KeptMessage[];
  /** Undefined on the last page. */
  readonly next: Place | undefined;
}

export type ListMessages = ReturnType<typeof createListMessages>;

/** Messages of one organisation, in pages (SE-1). */
export function createListMessages({ lists }: { lists: MessageLists }) {
  return async function listMessages({ limit, ...query }: MessageQuery): Promise<MessagePage> {
    const found = await lists.find({ ...query, limit: limit + 1 });
    const messages = found.slice(0, limit);
    const last = messages.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return {
      messages,
      next: hasMore ? { acceptedAt: last.message.acceptedAt, messageId: last.messageId } : undefined,
    };
  };
}
