import { arm } from './chat/deadline.js';
import { fold as foldFired } from './chat/fired.js';
import { complete, handOver } from './chat/life.js';
import { foldOffer } from './chat/offers.js';
import { route, tellClosed } from './chat/route.js';
import { foldCommand } from './fold-command.js';
import { foldReceived } from './fold-received.js';
import { foldSent, foldTroubled } from './fold-sent.js';
import { type Folding, say, startFolding } from './folding.js';
import type { Owner } from './spans.js';
import type { Thread } from './thread.js';
import type { Said } from './thread-events.js';
import type { ThreadInput, Whose } from './thread-inputs.js';

export interface Folded {
  readonly state: Thread;
  readonly events: readonly Said[];
  readonly result: Result;
}

/** For the caller of a command. */
export interface Result {
  /** The sequence of the reply or note, new or remembered; 0 for other commands. */
  readonly sequence: number;
  readonly thread: Thread;
}

/**
 * A thread and an input make a thread and what is to be told: its own events, what it asks of the desk, and its one timer.
 * Pure; throws only what a command's caller is told.
 */
export function foldThread(state: Thread, input: ThreadInput, { nextSequence }: { nextSequence: number }): Folded {
  const folding = startFolding(state, input, nextSequence);
  const sequence = foldInput(folding, input);
  if (folding.stirred) arm(folding);
  return { state: folding.thread, events: folding.said, result: { sequence, thread: folding.thread } };
}

function foldInput(folding: Folding, input: ThreadInput): number {
  switch (input.kind) {
    case 'received':
      begin(folding, input.whose);
      adopt(folding, input.whose.owner, input.at);
      foldReceived(folding, input);
      return 0;
    case 'adopt':
      adopt(folding, input.owner, input.at);
      return 0;
    case 'disconnected':
      complete(folding, 'number-disconnected', '', input.at);
      return 0;
    case 'joined-into':
      begin(folding, input.whose);
      if (folding.thread.into !== input.intoThread) {
        complete(folding, 'joined', '', input.at);
        folding.thread = { ...folding.thread, into: input.intoThread };
        folding.stirred = true;
        const { intoThread, intoCustomer } = input;
        say(folding, input.at, { type: 'thread-joined', intoThread, intoCustomer });
      }
      return 0;
    case 'parted':
      if (folding.thread.into !== null) {
        const from = folding.thread.into;
        folding.thread = { ...folding.thread, into: null };
        folding.stirred = true;
        say(folding, input.at, { type: 'thread-parted', from });
      }
      return 0;
    case 'sent':
      begin(folding, input.whose);
      adopt(folding, input.whose.owner, input.at);
      foldSent(folding, input);
      return 0;
    case 'troubled':
      begin(folding, input.whose);
      foldTroubled(folding, input);
      return 0;
    case 'offer':
      foldOffer(folding, input);
      return 0;
    case 'fired':
      foldFired(folding, input.version);
      return 0;
    case 'settings-applied':
      if (folding.thread.owner?.brandId === input.flow.brandId) folding.stirred = true;
      return 0;
    case 'bot-detached':
      if (folding.thread.chat?.bot !== input.bot?.botId) handOver(folding, 'detached', '', '');
      return 0;
    case 'start':
      begin(folding, input.whose);
      adopt(folding, input.whose.owner, input.at);
      return foldCommand(folding, input);
    default:
      return foldCommand(folding, input);
  }
}

function begin(folding: Folding, { number, connection, customer }: Whose): void {
  if (folding.thread.number === '') folding.thread = { ...folding.thread, number, connection, customer };
}

/** A thread of a number that was nobody's finds its organisation: by the sweep, or by the next thing that happens in it. */
function adopt(folding: Folding, owner: Owner | null, at: Date): void {
  const { thread } = folding;
  if (owner === null || thread.owner?.departmentId === owner.departmentId) return;
  if (thread.owner !== null) {
    // Moved to another department of its brand: open chats follow, nothing is adopted.
    folding.thread = { ...thread, owner };
    return;
  }
  const isNew = thread.ring.length === 0 && thread.chat === null;
  folding.thread = { ...thread, owner };
  if (isNew) return;
  say(folding, at, { type: 'thread-adopted', owner });
  folding.stirred = true;
  wait(folding);
}

/** Of a chat that began on a number without an organisation: somebody may be asked now, and the time runs from now. */
function wait(folding: Folding): void {
  const { thread, around } = folding;
  const { chat } = thread;
  if (chat?.state !== 'waiting') return;
  folding.thread = { ...thread, chat: { ...chat, waitingSince: around.now } };
  route(folding, chat.lastAuthor === 'customer' ? chat.lastPreview : '');
  tellClosed(folding);
}
