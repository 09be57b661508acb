import { OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { DeliveryState } from '@switchboard/contracts/routing/v1/chat_service';
import { Author, ChatState, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import { eventually } from '@switchboard/testing';
import { startSystem, type System } from './support/system.js';
import {
  body,
  messagesChange,
  newWamid,
  oneMessage,
  oneStatus,
  post,
  status,
  text,
  type Person,
} from './support/webhooks.js';

jest.setTimeout(180_000);

let system: System;
beforeAll(async () => {
  system = await startSystem({ instances: { ingress: 2 } });
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

let people = 0;
/** A customer nobody has seen. */
const someone = (): Required<Person> => {
  people += 1;
  const digits = String(Date.now() % 1e6).padStart(6, '0') + String(people).padStart(3, '0');
  return { waId: `1202${digits}`, userId: `US.9${digits}`, name: `Person ${people}` };
};

/** Meta's clock, some seconds ago. */
const earlier = (seconds: number): string => String(Math.floor(Date.now() / 1000) - seconds);

const chatsOf = async (organisationId: string, phoneNumberId: string) =>
  (await system.chats.listChats({ organisationId, phoneNumberId, states: [], pageSize: 500 })).chats;

async function chatWith(person: Person) {
  const { organisationId, phoneNumberId } = system.demo;
  return eventually(async () => {
    const chats = await chatsOf(organisationId, phoneNumberId);
    const found = chats.filter(({ customer }) => customer?.userId === person.userId || customer?.phone === person.waId);
    expect(found).toHaveLength(1);
    return found[0]!;
  });
}

const messagesOf = async (chatId: string) => (await system.chats.listMessages({ chatId, pageSize: 500 })).messages;

describe('the main job', () => {
  it('CH-1, TX-3: a customer writes, an operator answers, the answer is sent, delivered and read', async () => {
    const person = someone();
    await system.simulator.write(person, system.demo.phoneNumberId, 'Hello, is my order ready?');

    const chat = await chatWith(person);
    expect(chat).toMatchObject({ state: ChatState.CHAT_STATE_WAITING, unread: 1, userInitiated: true });

    const reply = await system.chats.reply({ chatId: chat.chatId, idempotencyKey: 'press-1', text: 'It is, come by.' });

    await eventually(async () => {
      const messages = await messagesOf(chat.chatId);
      expect(messages.map(({ content }) => content?.kind)).toEqual([
        { $case: 'text', value: { body: 'Hello, is my order ready?' } },
        { $case: 'text', value: { body: 'It is, come by.' } },
      ]);
      expect(messages[1]).toMatchObject({
        messageId: reply.messageId,
        author: Author.AUTHOR_OPERATOR,
        deliveryState: DeliveryState.DELIVERY_STATE_READ,
        whatsappMessageId: expect.stringMatching(/^wamid\./),
      });
    });
    expect((await system.chats.getChat({ chatId: chat.chatId })).chat).toMatchObject({
      state: ChatState.CHAT_STATE_ACTIVE,
      unread: 0,
    });
    const sent = await system.simulator.sentTo(person);
    expect(sent.map((message) => message.text)).toEqual(['It is, come by.']);
  });

  it('TX-2: the same press twice is one message; the same key with other words is a conflict', async () => {
    const person = someone();
    await system.simulator.write(person, system.demo.phoneNumberId, 'Hi');
    const { chatId } = await chatWith(person);

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => system.chats.reply({ chatId, idempotencyKey: 'once', text: 'Yes?' })),
    );

    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1);
    await expect(system.chats.reply({ chatId, idempotencyKey: 'once', text: 'No?' })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await eventually(async () => {
      expect(await system.simulator.sentTo(person)).toHaveLength(1);
    });
  });

  it('CH-8: a completed chat cannot be answered; the next message opens a new one linked to it', async () => {
    const person = someone();
    await system.simulator.write(person, system.demo.phoneNumberId, 'First');
    const first = await chatWith(person);
    await system.chats.complete({ chatId: first.chatId });

    await expect(
      system.chats.reply({ chatId: first.chatId, idempotencyKey: 'late', text: 'Too late' }),
    ).rejects.toMatchObject({ code: 'routing.chat-completed' });
    await system.simulator.write(person, system.demo.phoneNumberId, 'Second');

    const second = await chatWith(person);
    expect(second.chatId).not.toBe(first.chatId);
    expect(second.formerChatId).toBe(first.chatId);
  });

  it('CH-8: what a service sends stands in the thread and opens no chat; the customer’s answer does', async () => {
    const person = someone();
    const { organisationId, phoneNumberId } = system.demo;
    const send = async (text: string): Promise<string> => {
      const recipient = { phone: `+${person.waId}`, userId: '' };
      const content = { kind: { $case: 'text', value: { body: text } } } as const;
      const { message } = await system.messages.send({
        phoneNumberId,
        message: { ...OutboundMessage.decode(new Uint8Array()), idempotencyKey: text, recipient, content },
      });
      return message?.messageId ?? '';
    };
    const shown = async (threadId: string) =>
      (await system.chats.listMessages({ threadId, pageSize: 100 })).messages.map((message) => ({
        messageId: message.messageId,
        chatId: message.chatId,
        author: message.author,
        state: message.deliveryState,
      }));
    await system.simulator.write(person, phoneNumberId, 'Where is it?');
    const first = await chatWith(person);

    const inside = await send(`${person.userId} is packed`);
    await eventually(async () => {
      expect((await shown(first.threadId)).slice(1)).toEqual([
        {
          messageId: inside,
          chatId: first.chatId,
          author: Author.AUTHOR_SERVICE,
          state: DeliveryState.DELIVERY_STATE_READ,
        },
      ]);
    });
    expect((await system.chats.getChat({ chatId: first.chatId })).chat).toMatchObject({
      state: ChatState.CHAT_STATE_WAITING,
      unread: 1,
      lastMessageAuthor: Author.AUTHOR_SERVICE,
    });

    await system.chats.complete({ chatId: first.chatId });
    const outside = await send(`${person.userId} is shipped`);
    await eventually(async () => {
      expect((await shown(first.threadId)).at(-1)).toEqual({
        messageId: outside,
        chatId: '',
        author: Author.AUTHOR_SERVICE,
        state: DeliveryState.DELIVERY_STATE_READ,
      });
    });
    const listed = { organisationId, customerId: first.customerId, phoneNumberId };
    expect((await system.chats.listChats({ ...listed, states: [] })).chats).toEqual([]);
    expect((await system.messageEvents()).filter(({ messageId }) => messageId === outside)).toEqual(
      expect.arrayContaining([expect.objectContaining({ threadId: first.threadId, chatId: '' })]),
    );

    await system.simulator.write(person, phoneNumberId, 'Thank you!');
    const second = await chatWith(person);
    expect(second).toMatchObject({
      chatId: `${first.threadId}:2`,
      formerChatId: first.chatId,
      state: ChatState.CHAT_STATE_WAITING,
      unread: 1,
    });
    expect((await system.simulator.sentTo(person)).map(({ text }) => text)).toHaveLength(2);
    const { sequences, missing, conflicts } = (await system.threadEvents()).get(first.threadId)!;
    // Opened, written, routed, sent; completed; sent; opened, written, routed.
    expect({ sequences, missing, conflicts }).toEqual({ sequences: 9, missing: 0, conflicts: 0 });
  });

  it('WatchChats shows what happens as it happens, and goes on from a cursor without a gap', async () => {
    const person = someone();
    const { organisationId } = system.demo;
    const watching = new AbortController();
    const seen: { threadId: string; sequence: number; cursor: string }[] = [];
    const watch = async (cursor: string, until: (text: string) => boolean) => {
      for await (const response of system.watch({ cursor, organisationId, heartbeatMs: 1_000 }, watching.signal)) {
        if (response.change?.$case !== 'threadEvent') continue;
        const event = response.change.value;
        seen.push({ threadId: event.threadId, sequence: Number(event.sequence), cursor: response.cursor });
        const content = event.event?.$case === 'messageAppended' ? event.event.value.content?.kind : undefined;
        if (content?.$case === 'text' && until(content.value.body)) return response.cursor;
      }
      throw new Error('the stream ended');
    };

    const first = watch('', (said) => said === `one ${person.userId}`);
    await eventually(async () => {
      await system.simulator.write(person, system.demo.phoneNumberId, `one ${person.userId}`);
      await Promise.race([first, new Promise((_, reject) => setTimeout(reject, 1_000, new Error('not yet')))]);
    });
    const cursor = await first;
    await system.simulator.write(person, system.demo.phoneNumberId, `two ${person.userId}`);
    await system.simulator.write(person, system.demo.phoneNumberId, `three ${person.userId}`);
    await watch(cursor, (said) => said === `three ${person.userId}`);
    watching.abort();

    const { threadId } = await chatWith(person);
    const sequences = seen.filter((each) => each.threadId === threadId).map(({ sequence }) => sequence);
    const distinct = [...new Set(sequences)];
    expect(distinct).toEqual(Array.from({ length: distinct.length }, (_, index) => index + 1));
  });
});

describe('what Meta repeats and batches', () => {
  it('RX-4: the same body posted five times to two ingress processes is one message', async () => {
    const person = someone();
    const wamid = newWamid();
    const content = oneMessage(system.demo.phoneNumberId, person, text(person, 'only once', wamid));

    const answers = await Promise.all(
      [0, 1, 0, 1, 0].map((instance) => post(system.webhookUrls[instance]!, content, system.appSecret)),
    );

    expect(answers).toEqual([200, 200, 200, 200, 200]);
    await system.settled();
    const { chatId } = await chatWith(person);
    expect((await messagesOf(chatId)).filter(({ whatsappMessageId }) => whatsappMessageId === wamid)).toHaveLength(1);
  });

  it('CH-1: fifty first messages of one customer at once are one customer and one chat', async () => {
    const person = someone();
    const wamids = Array.from({ length: 50 }, () => newWamid('first'));

    await Promise.all(
      wamids.map((wamid, index) =>
        post(
          system.webhookUrls[index % 2]!,
          oneMessage(system.demo.phoneNumberId, person, text(person, `hello ${index}`, wamid)),
          system.appSecret,
        ),
      ),
    );

    const chat = await chatWith(person);
    await eventually(async () => {
      const messages = await messagesOf(chat.chatId);
      expect(messages.map(({ whatsappMessageId }) => whatsappMessageId).sort()).toEqual([...wamids].sort());
    });
    const { customers } = await system.customers.findCustomers({
      phoneNumberId: system.demo.phoneNumberId,
      alias: person.waId,
    });
    expect(customers).toHaveLength(1);
  });

  it('RX-2: three entries × three changes × five items for different numbers all arrive, in order', async () => {
    const numbers = await Promise.all(Array.from({ length: 3 }, () => system.newNumber()));
    const person = someone();
    const sent: { number: string; wamid: string }[] = [];
    const entries = [0, 1, 2].map((entry) => ({
      id: `2155893132412${entry}`,
      changes: numbers.map((number) => {
        const messages = Array.from({ length: 5 }, () => {
          const wamid = newWamid('batch');
          sent.push({ number, wamid });
          return text(person, `entry ${entry}`, wamid);
        });
        return messagesChange(number, messages, [person]);
      }),
    }));

    expect(await post(system.webhookUrls[0]!, body(...entries), system.appSecret)).toBe(200);

    for (const number of numbers) {
      await eventually(async () => {
        const [chat] = await chatsOf(system.demo.organisationId, number);
        const messages = await messagesOf(chat!.chatId);
        const inOrder = [...messages].sort((a, b) => Number(a.sequence - b.sequence));
        expect(inOrder.map(({ whatsappMessageId }) => whatsappMessageId)).toEqual(
          sent.filter((each) => each.number === number).map(({ wamid }) => wamid),
        );
      });
    }
  });

  it('RX-2: a poison item goes to quarantine and its neighbours go through', async () => {
    const person = someone();
    const before = newWamid('before');
    const after = newWamid('after');
    const items = [text(person, 'before', before), 'not an item' as never, text(person, 'after', after)];
    const content = body({ id: '1', changes: [messagesChange(system.demo.phoneNumberId, items, [person])] });

    expect(await post(system.webhookUrls[0]!, content, system.appSecret)).toBe(200);

    await eventually(async () => {
      const { chatId } = await chatWith(person);
      expect((await messagesOf(chatId)).map(({ whatsappMessageId }) => whatsappMessageId)).toEqual([before, after]);
    });
    await eventually(async () => {
      const { items: quarantined } = await system.ingress.listQuarantined({ pageSize: 50 });
      expect(quarantined.map(({ raw }) => Buffer.from(raw).toString())).toContain('"not an item"');
    });
  });

  it('RX-1: 2.9 MB is taken, 3.1 MB is refused, a wrong signature is refused', async () => {
    const person = someone();
    const MB = 1_048_576;
    const filled = (bytes: number) =>
      oneMessage(system.demo.phoneNumberId, person, { ...text(person, 'big'), padding: 'x'.repeat(Math.floor(bytes)) });

    expect(await post(system.webhookUrls[0]!, filled(2.9 * MB), system.appSecret)).toBe(200);
    expect(await post(system.webhookUrls[0]!, filled(3.1 * MB), system.appSecret).catch(() => 413)).toBe(413);
    expect(await post(system.webhookUrls[0]!, filled(10), 'another-secret')).toBe(401);
  });
});

describe('RX-8 what is said about messages', () => {
  it('edits, revocations and reactions are shown on their message, also when they came before it', async () => {
    const person = someone();
    const { phoneNumberId } = system.demo;
    const [said, gone, late] = [newWamid('said'), newWamid('gone'), newWamid('late')];
    const send = (message: Record<string, unknown>) =>
      post(system.webhookUrls[0]!, oneMessage(phoneNumberId, person, message), system.appSecret);
    const about = (type: string, value: object) => ({
      ...text(person, ''),
      id: newWamid(type),
      type,
      text: undefined,
      [type]: value,
    });
    await send(about('reaction', { message_id: late, emoji: '👍' }));
    await send(text(person, 'teh order', said));
    await send(text(person, 'forget this', gone));
    await send(text(person, 'came late', late));
    await send(about('edit', { original_message_id: said, message: { type: 'text', text: { body: 'the order' } } }));
    await send(about('revoke', { original_message_id: gone }));
    await send(about('reaction', { message_id: said, emoji: '❤️' }));
    await send(about('reaction', { message_id: said, emoji: '' }));

    const { chatId } = await chatWith(person);
    await eventually(async () => {
      const messages = await messagesOf(chatId);
      const by = (wamid: string) => messages.find(({ whatsappMessageId }) => whatsappMessageId === wamid);
      expect(by(said)).toMatchObject({
        content: { kind: { value: { body: 'the order' } } },
        earlier: [{ content: { kind: { value: { body: 'teh order' } } } }],
        reactions: [],
      });
      expect(by(gone)).toMatchObject({ revoked: true });
      expect(by(late)).toMatchObject({ reactions: [{ emoji: '👍', author: Author.AUTHOR_CUSTOMER }] });
    });
  });

  it('CH-12: what is no message is stored in the thread and opens no chat', async () => {
    const person = someone();
    const { organisationId, phoneNumberId } = system.demo;
    const preference = {
      field: 'user_preferences',
      value: {
        metadata: { phone_number_id: phoneNumberId },
        user_preferences: [
          {
            wa_id: person.waId,
            user_id: person.userId,
            category: 'marketing_messages',
            value: 'stop',
            timestamp: 1795169000,
          },
        ],
      },
    };
    expect(await post(system.webhookUrls[0]!, body({ id: '1', changes: [preference] }), system.appSecret)).toBe(200);
    await system.settled();

    const { chats } = await system.chats.listChats({ organisationId, phoneNumberId, pageSize: 500 });
    expect(chats.filter(({ customer }) => customer?.userId === person.userId)).toEqual([]);
    const { customers } = await system.customers.findCustomers({ phoneNumberId, alias: person.userId });
    const threadId = `${phoneNumberId}.1.${customers[0]!.customerId}`;
    expect((await system.chats.listMessages({ threadId })).messages).toMatchObject([{ noticeKind: 'preference' }]);
  });
});

describe('states', () => {
  const permutations = <T>(items: T[]): T[][] =>
    items.length < 2
      ? [items]
      : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));

  it('TX-3: statuses in every order, twice each, end in the same state', async () => {
    const { phoneNumberId } = system.demo;
    await system.simulator.silence(true);
    try {
      for (const order of permutations(['sent', 'delivered', 'read'])) {
        const person = someone();
        await system.simulator.write(person, phoneNumberId, 'Hi');
        const { chatId } = await chatWith(person);
        const { messageId } = await system.chats.reply({ chatId, idempotencyKey: 'k', text: 'Hello' });
        const wamid = await eventually(async () => {
          const { message } = await system.messages.get({ messageId });
          expect(message?.whatsappMessageId).toMatch(/^wamid\./);
          return message!.whatsappMessageId;
        });

        for (const name of [...order, ...order]) {
          await post(system.webhookUrls[0]!, oneStatus(phoneNumberId, status(wamid, name)), system.appSecret);
        }

        await eventually(async () => {
          const messages = await messagesOf(chatId);
          const answer = messages.find((message) => message.messageId === messageId);
          expect(answer?.deliveryState).toBe(DeliveryState.DELIVERY_STATE_READ);
          expect(answer?.deliveryTimes.map(({ state }) => state)).toEqual(
            expect.arrayContaining([
              DeliveryState.DELIVERY_STATE_SENT,
              DeliveryState.DELIVERY_STATE_DELIVERED,
              DeliveryState.DELIVERY_STATE_READ,
            ]),
          );
        });
      }
    } finally {
      await system.simulator.silence(false);
    }
  });

  it('TX-3: a status that comes before Meta’s answer is parked and applied', async () => {
    const person = someone();
    await system.simulator.write(person, system.demo.phoneNumberId, 'Hi');
    const { chatId } = await chatWith(person);
    await system.simulator.faults(system.demo.phoneNumberId, { answer_delay_ms: [1_500, 1_500] });

    const { messageId } = await system.chats.reply({ chatId, idempotencyKey: 'k', text: 'Slow answer' });

    await eventually(async () => {
      const { message } = await system.messages.get({ messageId });
      expect(message?.stateTimes.length).toBeGreaterThanOrEqual(3);
    });
    await system.simulator.faults(system.demo.phoneNumberId, {});
    await eventually(async () => {
      const answer = (await messagesOf(chatId)).find((message) => message.messageId === messageId);
      expect(answer?.deliveryState).toBe(DeliveryState.DELIVERY_STATE_READ);
    });
  });

  it('TX-4: a time-out after Meta accepted is unknown, is not sent again, and a status resolves it', async () => {
    const person = someone();
    await system.simulator.write(person, system.demo.phoneNumberId, 'Hi');
    const { chatId } = await chatWith(person);
    await system.simulator.silence(true);
    await system.simulator.faults(system.demo.phoneNumberId, { timeouts: 1, timeout_mode: 'cut', drop_statuses: 1 });

    const { messageId } = await system.chats.reply({ chatId, idempotencyKey: 'k', text: 'Did it go?' });

    await eventually(async () => {
      const answer = (await messagesOf(chatId)).find((message) => message.messageId === messageId);
      expect(answer?.deliveryState).toBe(DeliveryState.DELIVERY_STATE_UNKNOWN);
    });
    await system.simulator.faults(system.demo.phoneNumberId, {});
    await system.simulator.silence(false);
    const [sent] = await system.simulator.sentTo(person);
    await post(
      system.webhookUrls[0]!,
      oneStatus(
        system.demo.phoneNumberId,
        status(sent!.wamid, 'delivered', { biz_opaque_callback_data: sent!.callbackData }),
      ),
      system.appSecret,
    );
    await eventually(async () => {
      const answer = (await messagesOf(chatId)).find((message) => message.messageId === messageId);
      expect(answer?.deliveryState).toBe(DeliveryState.DELIVERY_STATE_DELIVERED);
    });
    expect(await system.simulator.sentTo(person)).toHaveLength(1);
  });
});

describe('who it is and whose it is', () => {
  it('RX-6: a customer without a phone is a customer, and keeps the chat when the phone appears', async () => {
    const { waId, userId } = someone();
    const { phoneNumberId } = system.demo;
    await post(
      system.webhookUrls[0]!,
      oneMessage(phoneNumberId, { userId }, text({ userId }, 'no phone')),
      system.appSecret,
    );
    const chat = await chatWith({ userId });

    const both = { waId, userId };
    await post(system.webhookUrls[1]!, oneMessage(phoneNumberId, both, text(both, 'now with phone')), system.appSecret);

    await eventually(async () => {
      expect(await messagesOf(chat.chatId)).toHaveLength(2);
      expect((await system.chats.getChat({ chatId: chat.chatId })).chat?.customer).toMatchObject({
        phone: waId,
        userId,
      });
    });
  });

  it('RX-6: two customers who turn out to be one are joined, and the join can be undone', async () => {
    const { waId, userId } = someone();
    const { phoneNumberId } = system.demo;
    await post(
      system.webhookUrls[0]!,
      oneMessage(phoneNumberId, { waId }, text({ waId }, 'by phone', newWamid(), { timestamp: earlier(30) })),
      system.appSecret,
    );
    const byPhone = await chatWith({ waId });
    await post(
      system.webhookUrls[0]!,
      oneMessage(phoneNumberId, { userId }, text({ userId }, 'by id', newWamid(), { timestamp: earlier(20) })),
      system.appSecret,
    );
    const byId = await chatWith({ userId });
    expect(byId.customerId).not.toBe(byPhone.customerId);

    const both = { waId, userId };
    await post(system.webhookUrls[0]!, oneMessage(phoneNumberId, both, text(both, 'I am both')), system.appSecret);

    await eventually(async () => {
      const { chat } = await system.chats.getChat({ chatId: byPhone.chatId });
      expect(chat).toMatchObject({
        state: ChatState.CHAT_STATE_COMPLETED,
        completionReason: CompletionReason.COMPLETION_REASON_JOINED,
      });
      const { messages } = await system.chats.listMessages({ threadId: byId.threadId, pageSize: 100 });
      const said = messages.flatMap(({ content }) =>
        content?.kind?.$case === 'text' ? [content.kind.value.body] : [],
      );
      expect(said).toEqual(['by phone', 'by id', 'I am both']);
    });

    await system.customers.undoJoin({ customerId: byPhone.customerId });
    await eventually(async () => {
      const { customer } = await system.customers.getCustomer({ customerId: byPhone.customerId });
      expect(customer?.joinedIntoCustomerId).toBe('');
    });
    await post(
      system.webhookUrls[0]!,
      oneMessage(phoneNumberId, { waId }, text({ waId }, 'alone again')),
      system.appSecret,
    );
    await eventually(async () => {
      const { chats } = await system.chats.listChats({
        organisationId: system.demo.organisationId,
        customerId: byPhone.customerId,
      });
      expect(chats).toHaveLength(1);
    });
  });

  it('ON-15: messages for a number nobody has connected are kept and delivered when it is connected', async () => {
    const person = someone();
    const number = system.unusedNumber();
    await post(system.webhookUrls[0]!, oneMessage(number, person, text(person, 'anybody?')), system.appSecret);
    await system.settled();
    expect(await chatsOf(system.demo.organisationId, number)).toEqual([]);

    await system.connect(number);

    await eventually(async () => {
      const [chat] = await chatsOf(system.demo.organisationId, number);
      expect(chat).toMatchObject({ unread: 1 });
    });
  });

  it('ON-17: disconnecting a number completes its open chats and stops sending', async () => {
    const person = someone();
    const number = await system.newNumber();
    await post(system.webhookUrls[0]!, oneMessage(number, person, text(person, 'Hi')), system.appSecret);
    const chat = await eventually(async () => {
      const [found] = await chatsOf(system.demo.organisationId, number);
      expect(found).toBeDefined();
      return found!;
    });

    await system.accounts.disconnectNumber({ phoneNumberId: number });

    await eventually(async () => {
      expect((await system.chats.getChat({ chatId: chat.chatId })).chat).toMatchObject({
        state: ChatState.CHAT_STATE_COMPLETED,
        completionReason: CompletionReason.COMPLETION_REASON_NUMBER_DISCONNECTED,
      });
    });
    await eventually(async () => {
      const verdict = await system.messages.check({
        phoneNumberId: number,
        customerId: chat.customerId,
        content: { kind: { $case: 'text', value: { body: 'Hi' } } },
      });
      expect(verdict).toMatchObject({ allowed: false, code: 'egress.number-not-connected' });
    });
  });
});
