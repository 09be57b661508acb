import { askDesk, changeChat, type Folding, say } from '../folding.js';
import { isOpenChat } from '../thread.js';
import type { OfferInput } from '../thread-inputs.js';
import type { Transfer } from './chat.js';
import { take } from './life.js';

/**
 * What the desk says (CH-2, CH-3). It is obeyed exactly when it answers the thread's last request; a place that was taken
 * for nothing is given back by the count it came with.
 */
export function foldOffer(folding: Folding, { chatId, sequence, count, offer }: OfferInput): void {
  const { thread } = folding;
  if (sequence <= thread.deskSeen) return;
  folding.thread = { ...thread, deskSeen: sequence };
  const { chat, deskCount } = thread;
  const { now } = folding.around;
  if (count !== deskCount || chat?.id !== chatId || !isOpenChat(chat)) {
    if (offer.type === 'assigned') askDesk(folding, chatId, { type: 'chat-released' }, count);
    return;
  }
  switch (offer.type) {
    case 'offered':
      if (chat.state !== 'waiting') return;
      changeChat(folding, { offered: offer.operators, offeredUntil: offer.until, atDesk: true });
      say(folding, now, { type: 'chat-offered', operators: offer.operators, until: offer.until });
      return;
    case 'ended': {
      const operators = chat.offered.filter((operator) => offer.operators.includes(operator));
      if (operators.length > 0) withdrawOffer(folding, operators, offer.timedOut);
      return;
    }
    case 'assigned': {
      const { operator, cause } = offer;
      const { transfer } = chat;
      const isAccepted = cause === 'transferred' && transfer !== null && isFor(transfer, operator);
      changeChat(folding, { atDesk: true });
      if (chat.operator === operator) return;
      if (chat.operator === '' || cause === 'assigned' || isAccepted) take(folding, operator, cause);
      // Too late: whoever has it keeps it, and the place.
      else askDesk(folding, chatId, { type: 'chat-held', operatorId: chat.operator });
    }
  }
}

/** Who gives a chat to a department does not get it back by that, also where they answer there themselves. */
export const isFor = ({ toOperator, by }: Pick<Transfer, 'toOperator' | 'by'>, operator: string): boolean =>
  toOperator === '' ? operator !== by : operator === toOperator;

/** These may not take it any more; the chat goes on waiting. */
export function withdrawOffer(folding: Folding, operators: readonly string[], timedOut: boolean): void {
  const { chat } = folding.thread;
  if (!chat) return;
  const offered = chat.offered.filter((operator) => !operators.includes(operator));
  changeChat(folding, { offered, offeredUntil: offered.length > 0 ? chat.offeredUntil : null });
  say(folding, folding.around.now, { type: 'offer-ended', operators, timedOut });
}
