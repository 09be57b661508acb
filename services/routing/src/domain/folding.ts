import type { Chat } from './chat/chat.js';
import { isOpenChat, type Thread } from './thread.js';
import type { DeskRequest, Detail, Said, TimerOrder } from './thread-events.js';
import type { Around } from './thread-inputs.js';

/** What happened, gathered while a thread is folded. */
export interface Folding {
  thread: Thread;
  readonly said: Said[];
  /** The sequence of the first event of its own. */
  readonly first: number;
  readonly around: Around;
  /** Somebody wrote, or the state of the chat changed: only then its timer is looked at (CH-9). */
  stirred: boolean;
}

export const startFolding = (thread: Thread, around: Around, first: number): Folding => ({
  thread,
  said: [],
  first,
  around,
  stirred: false,
});

export function say(folding: Folding, at: Date, detail: Detail, chatId?: string): void {
  const { chat } = folding.thread;
  // A completed chat keeps the bot that had it: the bot hears that it is over.
  const bot = chat && (chat.state === 'bot' || detail.type === 'chat-completed') ? chat.bot : '';
  folding.said.push({ at, chatId: chatId ?? (isOpenChat(chat) ? chat.id : ''), bot, about: aboutOf(folding), detail });
}

/** What is asked anew is counted; what is said of an earlier request carries that one's count. */
export function askDesk(folding: Folding, chatId: string, desk: DeskRequest['desk'], of?: number): void {
  const { thread } = folding;
  if (thread.owner === null) return;
  const count = of ?? thread.deskCount + 1;
  if (of === undefined) {
    folding.thread = { ...thread, deskCount: count, want: desk.type === 'person-wanted' ? desk.want : null };
  }
  folding.said.push({ at: folding.around.now, chatId, about: aboutOf(folding), count, desk });
}

export function orderTimer(folding: Folding, timer: TimerOrder['timer']): void {
  folding.said.push({ at: folding.around.now, about: aboutOf(folding), timer });
}

/** The sequence of what is said next. */
export const nextSequence = ({ first, said }: Folding): number =>
  first + said.filter((each) => 'detail' in each).length;

/** Changes the thread's last chat; nothing where there is none. */
export function changeChat(folding: Folding, change: Partial<Chat>): void {
  const { thread } = folding;
  if (thread.chat) folding.thread = { ...thread, chat: { ...thread.chat, ...change } };
}

function aboutOf({ thread }: Folding) {
  const { number, customer, owner, chat } = thread;
  const department = chat?.department;
  // Who answers: the chat's department where rules, a bot or a transfer chose another than the number's.
  return { number, customer, owner: owner && department ? { ...owner, departmentId: department } : owner };
}
