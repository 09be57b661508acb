import { textContent } from '../content.js';
import { type Folding, nextSequence, say } from '../folding.js';
import { FREE_ENTRY_MS, isWindowOpen, WINDOW_MS, type Author, type Content } from '../thread.js';

/** Hands a message of ours to egress; answers with its sequence. Any answer in time opens a free entry (CH-13). */
export function queue(
  folding: Folding,
  at: Date,
  message: {
    readonly author: Author;
    readonly authorId: string;
    readonly content: Content;
    readonly replyTo: string;
    readonly idempotencyKey: string;
    readonly chatId?: string;
  },
): number {
  const { thread } = folding;
  const { adAt } = thread;
  const opensFreeEntry = adAt !== null && at.getTime() - adAt.getTime() <= WINDOW_MS;
  const freeUntil = opensFreeEntry ? new Date(at.getTime() + FREE_ENTRY_MS) : thread.freeUntil;
  if (opensFreeEntry) folding.thread = { ...thread, adAt: null, freeUntil };
  const sequence = nextSequence(folding);
  const { chatId, ...detail } = message;
  const { address: recipient, last: lastInbound } = thread;
  say(folding, at, { type: 'reply-queued', ...detail, recipient, lastInbound, freeUntil }, chatId);
  return sequence;
}

/** What the brand's settings say to the customer: inside an open window alone, and it moves no idle time. */
export function tell(folding: Folding, text: string, chatId?: string): void {
  if (text !== '') tellContent(folding, textContent(filled(folding, text)), chatId);
}

/** False when it may not go. */
export function tellContent(folding: Folding, content: Content, chatId?: string): boolean {
  const { now } = folding.around;
  if (folding.thread.owner === null || !isWindowOpen(folding.thread, now)) return false;
  const message = { author: 'system', authorId: '', content, replyTo: '', idempotencyKey: '' } as const;
  queue(folding, now, { ...message, ...(chatId !== undefined && { chatId }) });
  return true;
}

/** Placeholders of the brand's texts. */
export function filled({ thread, around }: Folding, text: string): string {
  const { profileName, username } = thread.party;
  return text
    .replaceAll('{customer}', () => profileName ?? username ?? '')
    .replaceAll('{brand}', () => around.brandName);
}
