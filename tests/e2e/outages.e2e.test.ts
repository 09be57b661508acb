import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import { newWamid, oneMessage, post, postUntilTaken, text } from './support/webhooks.js';

jest.setTimeout(300_000);

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const person = { waId: '12025550199', userId: 'US.7700', name: 'Otto' };

/** Every message of the person by id, in the thread's order. */
async function received(): Promise<string[]> {
  const { organisationId, phoneNumberId } = system.demo;
  const { chats } = await system.chats.listChats({ organisationId, phoneNumberId, pageSize: 10 });
  const [chat] = chats;
  if (!chat) return [];
  const { messages } = await system.chats.listMessages({ threadId: chat.threadId, pageSize: 500 });
  return messages.sort((a, b) => Number(a.sequence - b.sequence)).map(({ whatsappMessageId }) => whatsappMessageId);
}

const deliver = async (wamid: string) =>
  postUntilTaken(
    system.webhookUrls[0]!,
    oneMessage(system.demo.phoneNumberId, person, text(person, wamid, wamid)),
    system.appSecret,
  );

describe('outages', () => {
  const sent: string[] = [];
  const say = async (label: string) => {
    const wamid = newWamid(label);
    await deliver(wamid);
    sent.push(wamid);
  };

  it('RX-3: Kafka stopped answers 503; started again, everything arrives', async () => {
    await say('before');
    await eventually(async () => {
      expect(await received()).toEqual(sent);
    });

    await system.infrastructure.kafka.stop();
    const refused = await post(
      system.webhookUrls[0]!,
      oneMessage(system.demo.phoneNumberId, person, text(person, 'refused')),
      system.appSecret,
    );
    expect(refused).toBe(503);
    const late = [say('during-1'), say('during-2')];
    await system.infrastructure.kafka.start();
    await Promise.all(late);
    await say('after');

    await eventually(
      async () => {
        expect((await received()).sort()).toEqual([...sent].sort());
      },
      { timeoutMs: 60_000 },
    );
  });

  it('MongoDB killed and restarted in the middle loses nothing and doubles nothing', async () => {
    const some = Array.from({ length: 30 }, (_, index) => `middle-${index}`);
    for (const [index, label] of some.entries()) {
      if (index === 10) await system.infrastructure.mongo.kill();
      if (index === 20) await system.infrastructure.mongo.start();
      await say(label);
    }

    await eventually(
      async () => {
        const all = await received();
        expect(all.slice(-30)).toEqual(sent.slice(-30));
        expect(all.sort()).toEqual([...sent].sort());
      },
      { timeoutMs: 60_000 },
    );
  });

  it('a primary that steps down in the middle loses nothing', async () => {
    const saying = (async () => {
      for (let index = 0; index < 20; index += 1) await say(`step-${index}`);
    })();
    await system.infrastructure.mongo.stepDown();
    await saying;

    await eventually(
      async () => {
        const all = await received();
        expect(all.slice(-20)).toEqual(sent.slice(-20));
        expect(all).toHaveLength(sent.length);
      },
      { timeoutMs: 60_000 },
    );
  });
});
