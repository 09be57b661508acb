import { type Folding, say } from '../folding.js';
import { type Block, isOpenChat, type Thread } from '../thread.js';
import type { Completion } from './chat.js';
import { complete } from './life.js';

/** True while the customer may not write. */
export const isBlocked = ({ block }: Pick<Thread, 'block'>, now: Date): boolean =>
  block !== null && (block.until === null || now < block.until);

/** The customer may not write; the open chat is completed (PF-3). Meta is told by whoever hears of it. */
export function blockCustomer(folding: Folding, block: Block, chatId: string, completion: Completion): void {
  const { thread, around } = folding;
  folding.thread = { ...thread, block, blockRequest: null };
  say(folding, around.now, { type: 'customer-blocked', ...block }, chatId);
  if (isOpenChat(thread.chat)) complete(folding, completion, block.by, around.now);
  folding.stirred = true;
}

/** By somebody, or because the time is over. */
export function unblockCustomer(folding: Folding, by: string): void {
  const { thread, around } = folding;
  if (thread.block === null) return;
  folding.thread = { ...thread, block: null };
  say(folding, around.now, { type: 'customer-unblocked', by });
  folding.stirred = true;
}
