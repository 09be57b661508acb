import { after, type Duration, nominalMs } from '../flow/duration.js';
import { type Folding, orderTimer } from '../folding.js';
import { type Due, isOpenChat, type Thread } from '../thread.js';
import type { Around } from '../thread-inputs.js';
import { type Chat, owesAnswer } from './chat.js';

export interface Deadline {
  readonly due: Due;
  readonly at: Date;
}

/** Of a bot that is not known (any more): people get its chat soon. */
const WITHOUT_BOT: Duration = { months: 0, days: 0, seconds: 30 };

/** What the one timer of a thread is, as it stands: the earliest of what applies; undefined when nothing is due. */
export function deadlineOf(thread: Thread, { flow, bot }: Pick<Around, 'flow' | 'bot'>): Deadline | undefined {
  const { chat, block, into, owner } = thread;
  if (into !== null || owner === null) return undefined;
  const later = (from: Date, duration: Duration): Date => after(from, duration, flow.timeZone);
  if (!isOpenChat(chat)) return block?.until ? { due: 'block-end', at: block.until } : undefined;
  switch (chat.state) {
    case 'waiting':
      return flow.waiting && chat.waitingSince
        ? { due: 'missed', at: later(chat.waitingSince, flow.waiting) }
        : undefined;
    case 'missed':
      return { due: 'missed-close', at: later(chat.missedSince ?? chat.idleSince, flow.missedClose) };
    case 'bot':
      if (bot?.botId !== chat.bot) return { due: 'bot-timeout', at: later(chat.idleSince, WITHOUT_BOT) };
      return earliest(chat.askedAt && { due: 'bot-timeout', at: later(chat.askedAt, bot.answerTimeout) }, {
        due: 'bot-idle',
        at: later(chat.idleSince, bot.idleTime),
      });
    case 'active': {
      const { warning } = flow;
      const closes = closesAt(chat, flow);
      const warns = warning && !chat.warned ? new Date(closes.getTime() - nominalMs(warning.before)) : null;
      return earliest(
        chat.transfer && { due: 'transfer-timeout', at: chat.transfer.until },
        warns && { due: 'idle-warning', at: warns },
        { due: 'idle-close', at: closes },
      );
    }
    case 'completed':
      return undefined;
  }
}

/** When an active chat is closed unless somebody writes, by who owes the answer (CH-10). */
export function closesAt(chat: Chat, { idleClose, timeZone }: Around['flow']): Date {
  const { customerOwes, operatorOwes } = idleClose;
  return after(chat.idleSince, owesAnswer(chat) === 'customer' ? customerOwes : operatorOwes, timeZone);
}

function earliest(...found: readonly (Deadline | null)[]): Deadline | undefined {
  let first: Deadline | undefined;
  for (const each of found) if (each && (!first || each.at < first.at)) first = each;
  return first;
}

/** Arms, moves or takes away the timer where what is due changed; otherwise it stays as it was armed. */
export function arm(folding: Folding): void {
  const { thread, around } = folding;
  const due = deadlineOf(thread, around);
  const { timer, timers } = thread;
  const settings = around.flow.version;
  if (due && timer?.at.getTime() === due.at.getTime()) {
    if (timer.due !== due.due || timer.settings !== settings) {
      folding.thread = { ...thread, timer: { ...timer, due: due.due, settings } };
    }
    return;
  }
  if (!due && !timer) return;
  const version = timers + 1;
  folding.thread = { ...thread, timers: version, timer: due ? { version, ...due, settings } : null };
  orderTimer(folding, { version, due: due?.at ?? null });
}
