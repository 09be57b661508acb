import { changeChat, type Folding, say } from '../folding.js';
import type { Due } from '../thread.js';
import { unblockCustomer } from './blocking.js';
import { closesAt } from './deadline.js';
import { complete, endTransfer, handOver, miss } from './life.js';
import { tell } from './texts.js';

/** A fire is obeyed exactly when its version is the one last armed: whatever came between armed another (TM-2). */
export function fold(folding: Folding, version: number): void {
  const { thread } = folding;
  const { timer } = thread;
  if (timer === null || version === 0 || timer.version !== version) return;
  folding.thread = { ...thread, timer: null };
  folding.stirred = true;
  fall[timer.due](folding);
}

/** What falls due. */
const fall: Readonly<Record<Due, (folding: Folding) => void>> = {
  missed: miss,
  'missed-close': (folding) => {
    close(folding, 'missed');
  },
  'idle-warning': (folding) => {
    const { chat } = folding.thread;
    const { now, flow } = folding.around;
    if (!chat) return;
    changeChat(folding, { warned: true });
    say(folding, now, { type: 'idle-warned', closesAt: closesAt(chat, flow) });
    tell(folding, flow.warning?.text ?? '');
  },
  'idle-close': (folding) => {
    close(folding, 'idle');
  },
  'bot-timeout': (folding) => {
    const { chat } = folding.thread;
    const { bot } = folding.around;
    if (bot?.botId !== chat?.bot) handOver(folding, 'detached', '', '');
    else if (chat?.askedAt) handOver(folding, 'timed-out', '', '');
  },
  'bot-idle': (folding) => {
    const { chat } = folding.thread;
    const { bot } = folding.around;
    if (bot?.botId !== chat?.bot) handOver(folding, 'detached', '', '');
    else if (bot?.idleAction === 'close') close(folding, 'idle');
    else handOver(folding, 'idle', '', '');
  },
  'transfer-timeout': (folding) => {
    endTransfer(folding, 'timed-out', '');
  },
  'block-end': (folding) => {
    unblockCustomer(folding, '');
  },
};

/** By a timer: the brand's closing text goes first. */
function close(folding: Folding, reason: 'missed' | 'idle'): void {
  tell(folding, folding.around.flow.closingText);
  complete(folding, reason, '', folding.around.now);
}
