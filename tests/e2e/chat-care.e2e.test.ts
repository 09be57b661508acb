import { Author, ChatState, CompletionReason } from '@switchboard/contracts/routing/v1/events';
import type { Chat } from '@switchboard/contracts/routing/v1/chat_service';
import type { Content } from '@switchboard/contracts/whatsapp/v1/content';
import { type Brand, createJourney, type Customer, type Journey, soon } from './support/journey.js';
import { createOperators, type Operators } from './support/operators.js';
import { startSystem, type System } from './support/system.js';
import { haveTemplate } from './support/templates.js';
import { newWamid, oneMessage, postUntilTaken, text } from './support/webhooks.js';

/** What is done with a chat beside answering it, on the real stack; each journey has a brand of its own. */

jest.setTimeout(180_000);

let system: System;
let journey: Journey;
let operators: Operators;
beforeAll(async () => {
  system = await startSystem();
  journey = createJourney(system);
  operators = createOperators(system);
}, 300_000);
afterAll(async () => {
  await (operators as Operators | undefined)?.dismiss();
  await (system as System | undefined)?.stop();
});

describe('a rating', () => {
  it('CH-11: is asked when somebody completes the chat, and taken without opening another', async () => {
    const brand = await journey.brandWith({ rating: { questionText: 'How was it?', thanksText: 'Thank you!' } });
    const { number, person } = brand;
    const [ann] = await operators.team(brand, 1);
    const { chatId } = await writes(brand);
    await ann.reply(chatId, 'Here you are.');
    await ann.chats.complete({ chatId });

    const rows = await soon(async () => {
      const { content } = (await system.simulator.sentTo(person)).at(-1)!;
      expect(content).toMatchObject({
        type: 'interactive',
        interactive: { type: 'list', body: { text: 'How was it?' } },
      });
      const { sections } = (
        content['interactive'] as { action: { sections: { rows: { id: string; title: string }[] }[] } }
      ).action;
      return sections.flatMap((section) => section.rows);
    });
    expect(rows).toHaveLength(5);
    await system.simulator.choose(
      person,
      number,
      rows.find(({ title }) => title === '★★★★')!,
    );

    await soon(async () => {
      expect(await journey.chatOf(number)).toMatchObject({ chatId, ratingStars: 4 });
      expect(await journey.saidTo(person)).toEqual(['Here you are.', '', 'Thank you!']);
    });
    expect(await journey.chatsOf(number)).toHaveLength(1);
  });

  it('CH-11: is not asked where nobody served the customer', async () => {
    const brand = await journey.brandWith({ rating: { questionText: 'How was it?', thanksText: '' } });
    const { chatId } = await writes(brand);
    await system.chats.complete({ chatId });
    await writes(brand, 'Are you there?');
    const { chatId: next } = await journey.becomes(brand.number, ChatState.CHAT_STATE_WAITING);
    await journey.reply(next, 'Yes.');

    await soon(async () => {
      expect(await journey.saidTo(brand.person)).toEqual(['Yes.']);
    });
  });
});

describe('out of hours', () => {
  it('CH-14: the customer is told once per chat, and the chat waits', async () => {
    const businessHours = { timeZone: 'Asia/Tokyo', weekly: [], holidays: [], outOfHoursText: 'We are asleep.' };
    const brand = await journey.brandWith({ businessHours });
    const { chatId } = await writes(brand);
    await soon(async () => {
      expect(await journey.saidTo(brand.person)).toEqual(['We are asleep.']);
    });

    await writes(brand, 'Not even a word?');
    await soon(async () => {
      expect((await journey.chatOf(brand.number)).unread).toBe(2);
    });
    await journey.reply(chatId, 'Good morning!');

    await soon(async () => {
      expect(await journey.saidTo(brand.person)).toEqual(['We are asleep.', 'Good morning!']);
    });
    const { messages } = await system.chats.listMessages({ chatId });
    const authors = [...messages].sort((a, b) => Number(a.sequence - b.sequence)).map(({ author }) => author);
    const { AUTHOR_CUSTOMER: customer, AUTHOR_SYSTEM: ofSettings, AUTHOR_OPERATOR: ofPeople } = Author;
    expect(authors).toEqual([customer, ofSettings, customer, ofPeople]);
  });
});

describe('notes and tags', () => {
  it('CH-11: are seen by colleagues, found, kept with the thread, and never told to the customer', async () => {
    const brand = await journey.brandWith({});
    const ann = await operators.hire(brand);
    const { chatId } = await writes(brand);
    const tag = `vip-${brand.number}`;

    const note = { chatId, idempotencyKey: 'note', text: 'Ask Ben about this one' };
    const { sequence } = await ann.chats.addNote(note);
    expect(await ann.chats.addNote(note)).toEqual({ sequence });
    await ann.chats.setTags({ chatId, tags: [tag, 'asks-twice'] });

    await soon(async () => {
      const { messages } = await system.chats.listMessages({ chatId });
      expect(messages.filter(({ noticeKind }) => noticeKind === 'note')).toMatchObject([
        { sequence, authorId: ann.operatorId, content: { kind: { value: { body: note.text } } } },
      ]);
      expect(await journey.chatsOf(brand.number, { tag })).toMatchObject([{ chatId, tags: ['asks-twice', tag] }]);
    });
    await system.chats.complete({ chatId });
    await writes(brand, 'It is me again');
    const next = await journey.becomes(brand.number, ChatState.CHAT_STATE_WAITING);
    expect(next).toMatchObject({ formerChatId: chatId, tags: ['asks-twice', tag] });
    await journey.reply(next.chatId, 'Welcome back!');
    await soon(async () => {
      expect(await journey.saidTo(brand.person)).toEqual(['Welcome back!']);
    });
  });
});

describe('a customer who is blocked', () => {
  it('PF-3: when a supervisor approves; Meta has it on its list, and what was on its way opens no chat', async () => {
    const brand = await journey.brandWith({ blockNeedsApproval: true });
    const { number, person } = brand;
    const [associate, supervisor] = await Promise.all([
      operators.hire(brand),
      operators.hire(brand, { isSupervisor: true }),
    ]);
    const { chatId } = await writes(brand);

    const ask = () => associate.chats.blockCustomer({ chatId, reason: 'Rude', duration: '', spam: false });
    expect((await ask()).chat).toMatchObject({ blockRequested: true, blocked: false });
    await expect(associate.chats.decideBlock({ chatId, approve: true })).rejects.toMatchObject({ kind: 'forbidden' });
    await supervisor.chats.decideBlock({ chatId, approve: false });
    expect((await system.chats.getChat({ chatId })).chat).toMatchObject({ blockRequested: false, blocked: false });
    expect(await system.simulator.blockedBy(number)).toEqual([]);
    await ask();
    await supervisor.chats.decideBlock({ chatId, approve: true });

    await soon(async () => {
      expect(await system.simulator.blockedBy(number)).toEqual([person.waId]);
    });
    const reason = CompletionReason.COMPLETION_REASON_BLOCKED;
    const blocked = await journey.becomes(number, ChatState.CHAT_STATE_COMPLETED);
    expect(blocked).toMatchObject({ blocked: true, completionReason: reason });
    const late = oneMessage(number, person, text(person, 'Let me finish', newWamid()));
    await postUntilTaken(system.webhookUrls[0]!, late, system.appSecret);
    await soon(async () => {
      const { messages } = await system.chats.listMessages({ threadId: blocked.threadId });
      expect(messages.at(-1)).toMatchObject({ chatId: '', content: { kind: { value: { body: 'Let me finish' } } } });
    });
    expect(await journey.chatsOf(number)).toHaveLength(1);
    await expect(start(brand, person, { text: 'Hello?' })).rejects.toMatchObject({
      // Whoever looks first says so.
      code: expect.stringMatching(/^(egress|routing)\.customer-blocked$/) as string,
    });

    await supervisor.chats.unblockCustomer({ chatId });
    await soon(async () => {
      expect(await system.simulator.blockedBy(number)).toEqual([]);
    });
    await writes(brand, 'I am sorry');
    expect(await journey.becomes(number, ChatState.CHAT_STATE_WAITING)).toMatchObject({ formerChatId: chatId });
  });
});

describe('a chat that we begin', () => {
  it('CH-8, TX-6: with a template while the window is closed, and not without; the answer comes to the same chat', async () => {
    const brand = await journey.brandWith({});
    const { number, person } = brand;
    await haveTemplate(system, { wabaId: system.demo.wabaId, name: 'order_ready' });
    await expect(start(brand, person, { text: 'Hello!' })).rejects.toMatchObject({
      code: 'egress.window-closed',
      violations: [{ field: 'text' }],
    });
    expect(await journey.chatsOf(number)).toEqual([]);

    const { chat } = await start(brand, person, { template: { name: 'order_ready', language: 'en', components: [] } });

    expect(chat).toMatchObject({ state: ChatState.CHAT_STATE_ACTIVE, userInitiated: false, formerChatId: '' });
    await soon(async () => {
      const sent = await system.simulator.sentTo(person);
      expect(sent.map(({ content }) => content)).toMatchObject([
        { type: 'template', template: { name: 'order_ready' } },
      ]);
    });
    await expect(journey.reply(chat!.chatId, 'Are you there?')).rejects.toMatchObject({
      code: 'egress.window-closed',
    });
    await system.simulator.write(person, number, 'Thanks!');
    await soon(async () => {
      expect(await journey.chatOf(number)).toMatchObject({ chatId: chat!.chatId, unread: 1 });
    });
    await journey.reply(chat!.chatId, 'You are welcome.');
  });

  it('CH-8: with a text inside an open window, linked to the former; an open chat is answered', async () => {
    const brand = await journey.brandWith({});
    const { chatId } = await writes(brand);
    await system.chats.complete({ chatId });

    const { chat } = await start(brand, brand.person, { text: 'One more thing' });
    const again = await start(brand, brand.person, { text: 'And another' });

    expect(chat).toMatchObject({ formerChatId: chatId, userInitiated: false, state: ChatState.CHAT_STATE_ACTIVE });
    expect(again.chat?.chatId).toBe(chat?.chatId);
    await soon(async () => {
      expect(await journey.saidTo(brand.person)).toEqual(['One more thing', 'And another']);
    });
  });
});

/** The customer writes, and a chat waits or goes on. */
async function writes({ number, person }: Brand, words = 'Hello'): Promise<Chat> {
  await system.simulator.write(person, number, words);
  return soon(() => journey.chatOf(number));
}

let starts = 0;
type Opening = { text: string } | { template: Extract<Content['kind'], { $case: 'template' }>['value'] };
const start = ({ number }: Brand, { waId }: Customer, opening: Opening) =>
  system.chats.start({
    phoneNumberId: number,
    phone: waId,
    idempotencyKey: `start-${(starts += 1)}`,
    ...opening,
  });
