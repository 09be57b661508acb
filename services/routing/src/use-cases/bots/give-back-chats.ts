import type { Bot } from '../../domain/chat/bot.js';
import { currentSpan } from '../../domain/spans.js';
import type { LookAround } from '../threads/around.js';
import type { Clock, NumberStore, ThreadIndex, Threads } from '../ports.js';

/** Chats of a number that another bot than this attends to go to people; null = its bot was detached (BT-1). */
export type GiveBackChats = (number: string, bot: Bot | null) => Promise<void>;

export function createGiveBackChats(deps: {
  threads: Pick<Threads, 'command'>;
  index: Pick<ThreadIndex, 'open'>;
  numbers: Pick<NumberStore, 'find'>;
  lookAround: LookAround;
  now: Clock;
}): GiveBackChats {
  const { threads, index, numbers, lookAround, now } = deps;
  return async function giveBackChats(number, bot) {
    const { owner } = currentSpan((await numbers.find([number])).get(number));
    const place = { number, owner };
    // What was just changed is told, whatever is remembered of it elsewhere.
    const around = { ...(await lookAround([place]))(place), bot };
    for await (const ids of index.open(number)) {
      await Promise.all(ids.map((id) => threads.command(id, { kind: 'bot-detached', at: now(), ...around })));
    }
  };
}
