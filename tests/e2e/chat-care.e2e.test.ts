import { Author, ChatState, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import { eventually } from '@switchboard/testing';
import { createJourney, type Journey } from './support/journey.js';
import { startSystem, type System } from './support/system.js';
import { newWamid, oneMessage, type Person, post } from './support/webhooks.js';

/** What surrounds a chat, on the real stack: hours, ratings, notes, blocking, and chats that people begin. */

jest.setTimeout(240_000);

let system: System;
let journey: Journey;
beforeAll(async () => {
  system = await startSystem();
  journey = createJourney(system);
}, 300_000);
afterAll(async () => {
  await (system as System | undefined)?.stop();
});

const sentTo = (person: Person, count: number) =>
  eventually(
    async () => {
      const sent = await system.simulator.sentTo(person);
      expect(sent).toHaveLength(count);
      return sent;
    },
    { timeoutMs: 30_000 },
  );

describe('outside of business hours', () => {
  it('CH-14: the customer is told once, and the chat waits', async () => {
    const { number, person } = await journey.brandWith({
      businessHours: { timeZone: 'Europe/Berlin', weekly: [], holidays: [], outOfHoursText: 'We are back tomorrow.' },
    });

    await journey.write(person, number, 'Open?');
    await journey.write(person, number, 'Hello?');

    const [told] = await sentTo(person, 1);
    expect(told?.text).toBe('We are back tomorrow.');
    await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
  });
});

describe('a rating', () => {
  it('CH-11: is asked when a chat is completed and taken with the customer’s choice, in no new chat', async () => {
    const { departmentId, number, person } = await journey.brandWith({
      rating: { questionText: 'How was it?', thanksText: 'Thank you!' },
    });
    await journey.write(person, number, 'Hello');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
    const ann = await journey.newOperator('ann', [departmentId]);
    await system.chats.accept({ chatId, operatorId: ann });
    await journey.becomes(number, ChatState.CHAT_STATE_ACTIVE);
    await journey.reply(chatId, 'Hi');
    await system.chats.complete({ chatId });
    await sentTo(person, 2);

    const id = `rating:${chatId}:4`;
    const choice = { type: 'list_reply', list_reply: { id, title: '★★★★', description: '' } };
    const chosen = {
      from: person.waId,
      from_user_id: person.userId,
      id: newWamid(),
      timestamp: String(Math.floor(Date.now() / 1_000)),
      type: 'interactive',
      interactive: choice,
    };
    expect(await post(system.webhookUrls[0] ?? '', oneMessage(number, person, chosen), system.appSecret)).toBe(200);

    await eventually(async () => {
      expect((await journey.chat(chatId)).ratingStars).toBe(4);
    });
    const all = await sentTo(person, 3);
    expect(all.at(-1)?.text).toBe('Thank you!');
    expect((await journey.chatOf(number)).chatId).toBe(chatId);
  });
});

describe('notes and tags', () => {
  it('CH-11: stand in the chat, and the customer never sees a note', async () => {
    const { number, person } = await journey.brandWith({});
    await journey.write(person, number, 'Hello');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);

    await system.chats.addNote({ chatId, idempotencyKey: 'n1', text: 'Prefers the telephone' });
    await system.chats.setTags({ chatId, tags: ['vip', 'returns'] });
    await journey.reply(chatId, 'Hi');

    expect((await sentTo(person, 1)).map(({ text }) => text)).toEqual(['Hi']);
    await journey.looks(number, { tags: expect.arrayContaining(['vip', 'returns']) as string[] });
    const events = await journey.eventsOf((await journey.chatOf(number)).threadId);
    expect(events.filter(({ event }) => event?.$case === 'noteAdded')).toHaveLength(1);
  });
});

describe('blocking', () => {
  it('PF-3: waits for a supervisor where the brand wants that, then holds at Meta until it is lifted', async () => {
    const { number, person } = await journey.brandWith({ blockNeedsApproval: true });
    // Meta lets only who wrote lately be blocked.
    await system.simulator.write(person, number, 'Spam spam spam');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
    const blocked = async (): Promise<readonly string[]> => {
      const url = `${system.stack.urls().simulator}/v25.0/${number}/block_users`;
      const response = await fetch(url, { headers: { authorization: 'Bearer demo-token' } });
      const { data = [] } = (await response.json()) as { data?: { wa_id?: string; user_id?: string }[] };
      return data.flatMap(({ wa_id: waId, user_id: userId }) => [waId ?? '', userId ?? '']);
    };

    // An operator asks; who may supervise blocks at once.
    const ann = await journey.newOperator('ann', []);
    const { chat: asked } = await journey.as({ operatorId: ann }, (chats) =>
      chats.blockCustomer({ chatId, reason: 'Sends spam', spam: true }),
    );
    expect(asked).toMatchObject({ blocked: false, blockRequested: true });
    expect(await blocked()).toEqual([]);
    await system.chats.decideBlock({ chatId, approve: true });

    await eventually(async () => {
      const now = await journey.chat(chatId);
      expect(now).toMatchObject({ blocked: true, blockRequested: false, state: ChatState.CHAT_STATE_COMPLETED });
      const at = await blocked();
      expect([person.waId, person.userId].some((each) => at.includes(each ?? ''))).toBe(true);
    });
    await system.chats.unblockCustomer({ chatId });
    await eventually(async () => {
      expect((await journey.chat(chatId)).blocked).toBe(false);
      expect(await blocked()).toEqual([]);
    });
  });
});

describe('a chat that a person begins', () => {
  const template = { name: 'order_update', language: 'en_US', components: [], version: undefined };

  it('CH-8: needs a template where the customer has not written, and their answer stays in it', async () => {
    const { number, person } = await journey.brandWith({});
    const start = (idempotencyKey: string, words: string) =>
      system.chats.start({
        phoneNumberId: number,
        phone: person.waId ?? '',
        idempotencyKey,
        ...(words === '' ? { template } : { text: words }),
      });

    await expect(start('s1', 'Hello!')).rejects.toMatchObject({ code: 'egress.window-closed' });
    const { chat } = await start('s2', '');
    const again = await start('s2', '');

    expect(again.chat?.chatId).toBe(chat?.chatId);
    expect(chat).toMatchObject({ userInitiated: false });
    await sentTo(person, 1);
    // Meta's times are whole seconds: the newest message is the one of a later one.
    await new Promise((resume) => setTimeout(resume, 1_100));
    await journey.write(person, number, 'Great, thanks');
    await journey.looks(number, { chatId: chat?.chatId ?? '', lastMessageAuthor: Author.AUTHOR_CUSTOMER });
  });

  it('CH-8: may begin with a text inside an open window', async () => {
    const { number, person } = await journey.brandWith({});
    await journey.write(person, number, 'Call me back');
    const { chatId } = await journey.becomes(number, ChatState.CHAT_STATE_WAITING);
    await system.chats.complete({ chatId });
    await journey.looks(number, { completionReason: CompletionReason.COMPLETION_REASON_OPERATOR });

    const { chat } = await system.chats.start({
      phoneNumberId: number,
      phone: person.waId ?? '',
      idempotencyKey: 's3',
      text: 'About your question …',
    });

    expect(chat).toMatchObject({ formerChatId: chatId, userInitiated: false });
    expect((await sentTo(person, 1)).map(({ text }) => text)).toEqual(['About your question …']);
  });
});
