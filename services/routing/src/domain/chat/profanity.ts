import { after } from '../flow/duration.js';
import { changeChat, type Folding, say } from '../folding.js';
import { isOpenChat } from '../thread.js';
import type { Received } from '../thread-inputs.js';
import { blockCustomer } from './blocking.js';
import { complete } from './life.js';
import { tell } from './texts.js';

/** As many as a brand's limit may be. */
const REMEMBERED = 100;

/**
 * Counts a message with words of the brand's lists, once, whether it came with them or was given them by an edit, and
 * does what the brand wants of it (PF-1, PF-2).
 */
export function countHits(folding: Folding, wamid: string, spans: Received['hits']): void {
  const { chat, counted } = folding.thread;
  const { now, flow } = folding.around;
  const { profanity } = flow;
  if (!profanity || spans.length === 0 || !isOpenChat(chat) || counted.includes(wamid)) return;
  folding.thread = { ...folding.thread, counted: [...counted, wamid].slice(-REMEMBERED) };
  const { limit, blockFor, completeAtLimit, warningText } = profanity;
  const count = chat.hits + 1;
  changeChat(folding, { hits: count });
  say(folding, now, { type: 'profanity-found', wamid, spans, count, limit });
  if (count < limit) {
    tell(folding, warningText);
    return;
  }
  const completion = completeAtLimit ? 'profanity' : 'blocked';
  if (blockFor !== null) {
    const until = blockFor === 'forever' ? null : after(now, blockFor, flow.timeZone);
    blockCustomer(folding, { until, by: '', reason: 'profanity', spam: false }, chat.id, completion);
  } else if (completeAtLimit) complete(folding, completion, '', now);
}
