import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { newWamid, oneMessage, postUntilTaken, text } from './support/webhooks.js';

jest.setTimeout(600_000);

let system: System;
beforeAll(async () => {
  system = await startSystem({ instances: { routing: 2 } });
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const kills = 20;
const people = Array.from({ length: 12 }, (_, index) => ({
  waId: `1202444${String(index).padStart(4, '0')}`,
  userId: `US.44${index}`,
  name: `Person ${index}`,
}));

describe('routing killed with SIGKILL twenty times under load', () => {
  it('X1: loses nothing, doubles nothing, changes no order', async () => {
    const { organisationId } = system.demo;
    const numbers = await Promise.all(Array.from({ length: 4 }, () => system.newNumber()));
    const sent = new Map<string, string[]>();
    let isKilling = true;

    // One writer per customer, so that the order sent is known; each goes on until the killing is over.
    const writers = people.map(async (person, index) => {
      const number = numbers[index % numbers.length]!;
      const wamids: string[] = [];
      sent.set(person.userId, wamids);
      while (isKilling) {
        const wamid = newWamid(person.userId);
        await postUntilTaken(
          system.webhookUrls[0]!,
          oneMessage(number, person, text(person, wamid, wamid)),
          system.appSecret,
        );
        wamids.push(wamid);
        // A load that routing carries while half of it is being killed; what piles up is caught up with below.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    for (let kill = 0; kill < kills; kill += 1) {
      const instance = `routing-${(kill % 2) + 1}`;
      await system.kill(instance);
      await system.start(instance);
    }
    isKilling = false;
    await Promise.all(writers);

    for (const [index, person] of people.entries()) {
      const number = numbers[index % numbers.length]!;
      await eventually(
        async () => {
          const { chats } = await system.chats.listChats({ organisationId, phoneNumberId: number, pageSize: 100 });
          const chat = chats.find(({ customer }) => customer?.userId === person.userId);
          expect(await allMessages(chat?.threadId ?? '')).toEqual(sent.get(person.userId));
        },
        { timeoutMs: 120_000, everyMs: 500 },
      );
    }
    const published = await system.threadEvents();
    for (const events of published.values()) {
      // The log after the reader's memory: every sequence once, none missing, always the same content.
      expect(events.conflicts).toBe(0);
      expect(events.missing).toBe(0);
    }
  });
});

/** Wamids of a whole thread in the thread's order. */
async function allMessages(threadId: string): Promise<string[]> {
  const found: { sequence: bigint; whatsappMessageId: string }[] = [];
  let pageToken = '';
  do {
    const page = await system.chats.listMessages({ threadId, pageSize: 500, pageToken });
    found.push(...page.messages);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found.sort((a, b) => Number(a.sequence - b.sequence)).map(({ whatsappMessageId }) => whatsappMessageId);
}
