import { choiceContent } from '../content.js';
import { changeChat, type Folding, say } from '../folding.js';
import type { Thread } from '../thread.js';
import type { Received } from '../thread-inputs.js';
import { filled, tell, tellContent } from './texts.js';

/** A bare digit is an answer for so long; later it may as well be the number of an order. */
const DIGIT_MS = 3_600_000;
const BUTTON = '★';
const STARS = [5, 4, 3, 2, 1];

/** Asks while the window is open; the answer opens no chat (CH-11). */
export function askRating(folding: Folding, chatId: string): void {
  const { rating } = folding.around.flow;
  if (!rating) return;
  const choices = STARS.map((stars) => ({ id: `rating:${chatId}:${stars}`, title: '★'.repeat(stars) }));
  const isAsked = tellContent(folding, choiceContent(filled(folding, rating.questionText), BUTTON, choices), chatId);
  if (isAsked) folding.thread = { ...folding.thread, asked: { chatId, at: folding.around.now } };
}

/**
 * The stars a message gives to the thread's last chat; undefined when it gives none. A choice of the list counts whenever
 * it is made, and again when it is changed; a bare digit for an hour and once.
 */
export function starsOf(
  { chat, asked }: Pick<Thread, 'chat' | 'asked'>,
  message: Pick<Received, 'choice' | 'text'>,
  now: Date,
): number | undefined {
  if (chat?.state !== 'completed') return undefined;
  const chosen = /^rating:(.+):([1-5])$/.exec(message.choice);
  if (chosen) return chosen[1] === chat.id ? Number(chosen[2]) : undefined;
  const isAsked = asked?.chatId === chat.id && now.getTime() - asked.at.getTime() <= DIGIT_MS;
  if (!isAsked) return undefined;
  const digit = /^[1-5]$/.exec(message.text.normalize('NFKC').trim());
  return digit ? Number(digit[0]) : undefined;
}

/** Told after the message that gave it, in the chat that was rated. */
export function rate(folding: Folding, stars: number): void {
  const { chat } = folding.thread;
  if (!chat) return;
  const { rating } = folding.around.flow;
  const isFirst = chat.stars === 0;
  changeChat(folding, { stars });
  folding.thread = { ...folding.thread, asked: null };
  say(folding, folding.around.now, { type: 'chat-rated', stars }, chat.id);
  if (isFirst && rating) tell(folding, rating.thanksText, chat.id);
}
