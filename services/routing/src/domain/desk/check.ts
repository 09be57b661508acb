import { holderOf, turnOf } from './desk.js';
import type { Checked } from './desk-inputs.js';
import { type Folding, forget, hold, say } from './folding.js';
import { foldRefill } from './lines.js';
import type { Standing } from './want.js';

/** Afterwards the desk has what the threads say, of what it knew when they were looked at; twice is once. */
export function foldChecked(folding: Folding, { chats, lines }: Checked): void {
  for (const { chatId, standing } of chats) compare(folding, chatId, standing);
  for (const line of lines) foldRefill(folding, line);
}

function compare(folding: Folding, chatId: string, standing: Standing | undefined): void {
  const turn = turnOf(folding.desk, chatId);
  const holder = holderOf(folding.desk, chatId, folding.parts);
  const count = turn?.count ?? holder?.place.count;
  if (count === undefined) return;
  if (standing?.isOpen && standing.chatId === chatId && standing.count <= count) {
    // The thread never heard whose it is: said again, it is heard once, and one that knows better answers.
    if (holder && standing.count === count && standing.operatorId !== holder.operatorId) {
      say(folding, { chatId, count }, { type: 'assigned', operatorId: holder.operatorId, cause: 'given' });
    }
    return;
  }
  forget(folding, chatId);
  if (standing?.isOpen && standing.operatorId !== '') hold(folding, standing, standing.operatorId);
}
