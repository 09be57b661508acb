import { Presence } from '@switchboard/contracts/routing/v1/desk_service';
import { ChatState, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { Brand, Journey } from './journey.js';
import type { OperatorClient } from './operators.js';
import type { System } from './system.js';

export interface DeskSeen {
  /** Chats the busiest operator had. */
  readonly mostAtATime: number;
  /** For how long an operator had room and was asked for nothing while a chat waited. */
  readonly longestIdleMs: number;
}

/** Looks at a brand's operators and waiting chats again and again, as the API shows them, until it is stopped. */
export function watchDesk(about: { system: System; journey: Journey; brand: Brand; limit: number }) {
  const { system, journey, brand, limit } = about;
  const { organisationId } = system.demo;
  const over = new AbortController();
  let mostAtATime = 0;
  let longestIdleMs = 0;
  const idleSince = new Map<string, number>();

  async function look(): Promise<void> {
    const [{ operators }, waiting] = await Promise.all([
      system.desks.getDesk({ organisationId }),
      journey.chatsOf(brand.number, { states: [ChatState.CHAT_STATE_WAITING] }),
    ]);
    const now = Date.now();
    for (const { operatorId, departmentIds, presence, load } of operators) {
      if (!departmentIds.includes(brand.departmentId)) continue;
      mostAtATime = Math.max(mostAtATime, load);
      const hasRoom = presence === Presence.PRESENCE_AVAILABLE && load < limit;
      const isAsked = waiting.some(({ offeredOperatorIds }) => offeredOperatorIds.includes(operatorId));
      if (!hasRoom || isAsked || waiting.length === 0) idleSince.delete(operatorId);
      else if (!idleSince.has(operatorId)) idleSince.set(operatorId, now);
      longestIdleMs = Math.max(longestIdleMs, now - (idleSince.get(operatorId) ?? now));
    }
  }

  const watching = (async () => {
    while (!over.signal.aborted) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  watching.catch(() => undefined);
  return {
    async stop(): Promise<DeskSeen> {
      over.abort();
      await watching;
      return { mostAtATime, longestIdleMs };
    },
  };
}

/** Takes what they can, answers it and completes it, until all customers are served. */
export async function serve(
  operator: OperatorClient,
  about: { journey: Journey; brand: Brand; served: Set<string>; customers: number },
): Promise<void> {
  const { operatorId, chats: client } = operator;
  const { journey, brand, served, customers } = about;
  const states = [ChatState.CHAT_STATE_WAITING, ChatState.CHAT_STATE_ACTIVE];
  while (served.size < customers) {
    const chats = await journey.chatsOf(brand.number, { states });
    const open = chats.filter(({ offeredOperatorIds }) => offeredOperatorIds.includes(operatorId));
    const taken = await Promise.allSettled(open.map(({ chatId }) => client.accept({ chatId })));
    for (const outcome of taken) {
      if (outcome.status === 'rejected' && !isLate(outcome.reason as { code?: string })) throw outcome.reason;
    }
    const mine = chats.find((chat) => chat.operatorId === operatorId && !served.has(chat.chatId));
    if (!mine) continue;
    await operator.reply(mine.chatId, 'How can I help?');
    await client.complete({ chatId: mine.chatId });
    served.add(mine.chatId);
  }
}

/** Others are as quick, and there is not always room. */
const isLate = ({ code = '' }: { code?: string }): boolean =>
  ['routing.chat-taken', 'routing.chat-not-waiting', 'routing.operator-at-limit'].includes(code);

/** How many chats an operator had at a time at most, by what was told. */
export function mostHeld(events: readonly ThreadEvent[]): number {
  const holders = new Map<string, string>();
  let most = 0;
  for (const { chatId, event } of events) {
    if (event?.$case === 'chatCompleted') holders.delete(chatId);
    if (event?.$case !== 'chatAssigned') continue;
    holders.set(chatId, event.value.operatorId);
    const held = [...holders.values()].filter((each) => each === event.value.operatorId);
    most = Math.max(most, held.length);
  }
  return most;
}
