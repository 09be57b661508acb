import { holderOf, lineKey, type Turn, turnKey } from './desk.js';
import type { Refill, Wanted } from './desk-inputs.js';
import { headOf, oldestFirst } from './fill.js';
import { endOffer, type Folding, forget, putLine, putTurn } from './folding.js';
import type { Waiting } from './want.js';

/** Lines of chats that wait: some at the head, the others found by the threads' index. */

/** What the desk knows of a chat's thread is as new as this, or newer. */
export function isKnown({ desk, parts }: Folding, { chatId, count }: Pick<Wanted, 'chatId' | 'count'>): boolean {
  const turn = desk[turnKey(chatId)];
  const holder = holderOf(desk, chatId, parts);
  return (turn?.count ?? 0) >= count || (holder?.place.count ?? 0) >= count;
}

export const newTurn = ({ chatId, count, want }: Waiting): Turn => ({
  chatId,
  count,
  want,
  refused: [],
  isLastAsked: false,
  offer: null,
});

/** Stands at the head of its line, or behind it, where the threads' index knows it. */
export function queue(folding: Folding, turn: Turn): void {
  const { line } = turn.want;
  if (line === '') return;
  if (folding.desk[lineKey(line)]) return;
  if (headOf(folding, line) < folding.head) putTurn(folding, turn);
  else putLine(folding, line, 'more');
}

export function foldRefill(folding: Folding, { line, found, isAll }: Pick<Refill, 'line' | 'found' | 'isAll'>): void {
  let room = folding.head - headOf(folding, line);
  let isLeft = false;
  for (const waiting of oldestFirst(found)) {
    if (isKnown(folding, waiting)) continue;
    if (room <= 0) {
      isLeft = true;
      break;
    }
    const before = folding.desk[turnKey(waiting.chatId)];
    if (before) endOffer(folding, before, { timedOut: false });
    forget(folding, waiting.chatId);
    putTurn(folding, newTurn(waiting));
    room -= 1;
  }
  putLine(folding, line, isAll && !isLeft ? undefined : 'more');
}
