import { ChatState, CompletionReason, type ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { Chat } from '@switchboard/contracts/routing/v1/chat_service';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { oneMessage, postUntilTaken, text } from './support/webhooks.js';

jest.setTimeout(900_000);

let system: System;
beforeAll(async () => {
  system = await startSystem({ instances: { routing: 2, timer: 2 } });
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

/** A minute in every run; two and more by `CHAT_KILLS_SECONDS`. */
const seconds = Number(process.env['CHAT_KILLS_SECONDS'] ?? 60);
const CUSTOMERS = 60;
const MINUTE_MS = 60_000;

describe('routing and timer killed with SIGKILL in turns, under load', () => {
  it('X1, TM-2: every chat ends as it must: who was answered is idle, who was not is missed; each told once', async () => {
    const number = await numberWith({ waitingTime: 'PT3S', missedClose: 'PT15M', idleCloseCustomerOwes: 'PT10M' });
    const people = Array.from({ length: CUSTOMERS }, (_, index) => ({
      waId: `1202555${String(index).padStart(4, '0')}`,
      userId: `US.55${index}`,
      name: `Person ${index}`,
      isAnswered: index % 2 === 0,
    }));
    const enough = new AbortController();

    const lives = people.map(async (person, index) => {
      await pause((index / CUSTOMERS) * seconds * 800);
      await postUntilTaken(system.webhookUrls[0]!, oneMessage(number, person, text(person, 'Hello')), system.appSecret);
      if (!person.isAnswered) return;
      const chat = await eventually(() => chatOf(number, person.userId), { timeoutMs: 120_000 });
      // Some before they are missed, some after.
      await pause(index % 4 === 0 ? 0 : 6_000);
      await eventually(
        () => system.chats.reply({ chatId: chat.chatId, idempotencyKey: `answer-${index}`, text: 'Here we are.' }),
        { timeoutMs: 120_000, everyMs: 250 },
      );
    });
    const killing = (async () => {
      for (let kill = 0; !enough.signal.aborted; kill += 1) {
        const name = `${kill % 2 === 0 ? 'routing' : 'timer'}-${(Math.floor(kill / 2) % 2) + 1}`;
        await system.kill(name);
        await system.start(name);
      }
    })();
    await Promise.all([...lives, pause(seconds * 1_000)]);
    enough.abort();
    await killing;

    for (const { userId, isAnswered } of people) {
      await eventually(
        async () => {
          const { state } = await chatOf(number, userId);
          expect(state).toBe(isAnswered ? ChatState.CHAT_STATE_ACTIVE : ChatState.CHAT_STATE_MISSED);
        },
        { timeoutMs: 120_000, everyMs: 250 },
      );
    }
    await system.stack.advance(17 * MINUTE_MS);

    for (const { userId, isAnswered } of people) {
      const reason = isAnswered ? CompletionReason.COMPLETION_REASON_IDLE : CompletionReason.COMPLETION_REASON_MISSED;
      await eventually(
        async () => {
          expect(await chatOf(number, userId)).toMatchObject({
            state: ChatState.CHAT_STATE_COMPLETED,
            completionReason: reason,
          });
        },
        { timeoutMs: 120_000, everyMs: 250 },
      );
    }
    await system.settled();
    for (const { conflicts, missing } of (await system.threadEvents()).values())
      expect({ conflicts, missing }).toEqual({ conflicts: 0, missing: 0 });
    const told = await eventsByThread(number);
    expect(told.size).toBe(CUSTOMERS);
    for (const events of told.values()) {
      const [opened, missed, completed] = (['chatOpened', 'chatMissed', 'chatCompleted'] as const).map((kind) =>
        events.filter(({ event }) => event?.$case === kind),
      );
      expect(opened).toHaveLength(1);
      expect(completed).toHaveLength(1);
      expect(missed!.length).toBeLessThanOrEqual(1);
      // Never early: the waiting time is over when a chat is missed.
      for (const { occurredAt } of missed!)
        expect(occurredAt!.getTime() - opened![0]!.occurredAt!.getTime()).toBeGreaterThanOrEqual(2_000);
    }
  });
});

async function numberWith(flow: { waitingTime: string; missedClose: string; idleCloseCustomerOwes: string }) {
  const [brandId, departmentId] = ['brand-kills', 'dept-kills'];
  await system.accounts.createBrand({ organisationId: system.demo.organisationId, brandId, name: 'Brand' });
  await system.accounts.createDepartment({ brandId, departmentId, name: 'Sales' });
  await eventually(async () => {
    const { settings } = await system.settings.getSettings({ brandId });
    if (!settings?.flow) throw new Error('no settings yet');
    await system.settings.updateSettings({ brandId, expectedVersion: 0n, flow: { ...settings.flow, ...flow } });
  });
  return system.newNumber({ brandId, departmentId });
}

const everyState = [
  ChatState.CHAT_STATE_BOT,
  ChatState.CHAT_STATE_WAITING,
  ChatState.CHAT_STATE_MISSED,
  ChatState.CHAT_STATE_ACTIVE,
  ChatState.CHAT_STATE_COMPLETED,
];

async function chatOf(phoneNumberId: string, userId: string): Promise<Chat> {
  const { organisationId } = system.demo;
  const { chats } = await system.chats.listChats({ organisationId, phoneNumberId, states: everyState, pageSize: 500 });
  const found = chats.filter(({ customer }) => customer?.userId === userId);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** What was told of a number's threads, each sequence once, in order. */
async function eventsByThread(phoneNumberId: string): Promise<ReadonlyMap<string, readonly ThreadEvent[]>> {
  const threads = new Map<string, Map<bigint, ThreadEvent>>();
  for (const event of await system.allThreadEvents()) {
    if (event.phoneNumberId !== phoneNumberId) continue;
    const events = threads.get(event.threadId) ?? new Map<bigint, ThreadEvent>();
    threads.set(event.threadId, events.set(event.sequence, event));
  }
  return new Map([...threads].map(([id, events]) => [id, [...events.values()]]));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
