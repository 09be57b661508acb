import { Presence } from '@switchboard/contracts/routing/v1/desk_service';
import { ChatState } from '@switchboard/contracts/routing/v1/events';
import { TransferAnswer } from '@switchboard/contracts/routing/v1/chat_service';
import { OfferManner, type RoutingRule, TargetKind } from '@switchboard/contracts/routing/v1/settings';
import { eventually } from '@switchboard/testing';
import { createJourney, type Journey } from './support/journey.js';
import { startSystem, type System } from './support/system.js';

/** Who gets a chat: operators, offers and transfers on the real stack, with short real times and clocks moved ahead. */

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

const everyone = (manner: OfferManner, offerTimeout = ''): RoutingRule => ({
  ruleId: 'all',
  name: 'Everyone',
  conditions: [],
  target: { kind: TargetKind.TARGET_KIND_EVERYONE, operatorIds: [], departmentId: '' },
  manner,
  offerTimeout,
});

describe('a chat that is offered', () => {
  it('CH-2: to all at once is had by who takes it first, and by nobody else', async () => {
    const { departmentId, number, person } = await journey.brandWith({
      routingRules: [everyone(OfferManner.OFFER_MANNER_ALL_AT_ONCE)],
    });
    const [ann, ben] = [
      await journey.newOperator('ann', [departmentId]),
      await journey.newOperator('ben', [departmentId]),
    ];
    await journey.available(ann, ben);

    await journey.write(person, number, 'Who is there?');
    const { chatId } = await journey.looks(number, {
      offeredOperatorIds: expect.arrayContaining([ann, ben]) as string[],
    });
    const taken = await Promise.allSettled([ann, ben].map((operatorId) => system.chats.accept({ chatId, operatorId })));

    const { operatorId } = await journey.becomes(number, ChatState.CHAT_STATE_ACTIVE);
    expect([ann, ben]).toContain(operatorId);
    const refused = taken.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'routing.chat-taken' } }]);
    await eventually(async () => {
      const loads = [await journey.atDesk(ann), await journey.atDesk(ben)].map(({ load }) => load);
      expect([...loads].sort()).toEqual([0, 1]);
    });
  });

  it('CH-2: one by one goes on when the first lets it pass, and when the second says no', async () => {
    const { departmentId, number, person } = await journey.brandWith({
      routingRules: [everyone(OfferManner.OFFER_MANNER_ONE_BY_ONE, 'PT5S')],
    });
    const names = ['ann', 'ben', 'cleo'];
    const operators = await Promise.all(names.map((name) => journey.newOperator(name, [departmentId])));
    await journey.available(...operators);
    await journey.write(person, number, 'Hello?');
    const offeredTo = (others: readonly string[]): Promise<string> =>
      eventually(
        async () => {
          const { offeredOperatorIds } = await journey.chatOf(number);
          const [one = ''] = offeredOperatorIds;
          expect(offeredOperatorIds).toHaveLength(1);
          expect(others).not.toContain(one);
          return one;
        },
        { timeoutMs: 30_000 },
      );

    const first = await offeredTo([]);
    // The first says nothing for five seconds.
    const second = await offeredTo([first]);
    const { chatId } = await journey.chatOf(number);
    await system.chats.refuse({ chatId, operatorId: second });
    const third = await offeredTo([first, second]);
    await system.chats.accept({ chatId, operatorId: third });

    const chat = await journey.becomes(number, ChatState.CHAT_STATE_ACTIVE);
    expect(chat.operatorId).toBe(third);
  });

  it('CH-2, CH-3: least loaded goes round, nobody gets more than their limit, and a place that is free is filled', async () => {
    const { departmentId, number } = await journey.brandWith({
      routingRules: [everyone(OfferManner.OFFER_MANNER_LEAST_LOADED)],
      concurrentLimit: 2,
    });
    const [ann, ben] = [
      await journey.newOperator('ann', [departmentId]),
      await journey.newOperator('ben', [departmentId]),
    ];
    await journey.available(ann, ben);
    const chats = async () => {
      const states = [ChatState.CHAT_STATE_ACTIVE, ChatState.CHAT_STATE_WAITING];
      const found = await system.chats.listChats({
        organisationId: system.demo.organisationId,
        phoneNumberId: number,
        states,
      });
      return found.chats;
    };
    const of = (all: Awaited<ReturnType<typeof chats>>, operatorId: string) =>
      all.filter((chat) => [chat.operatorId, ...chat.offeredOperatorIds].includes(operatorId));

    for (let nth = 1; nth <= 6; nth += 1) {
      await journey.write(journey.newPerson(), number, `Customer ${nth}`);
      await eventually(async () => {
        expect(await chats()).toHaveLength(nth);
      });
    }
    // Six want somebody, two have two places each.
    await eventually(async () => {
      const all = await chats();
      expect([of(all, ann).length, of(all, ben).length]).toEqual([2, 2]);
    });
    expect([(await journey.atDesk(ann)).load, (await journey.atDesk(ben)).load]).toEqual([2, 2]);

    for (const operatorId of [ann, ben]) {
      for (const { chatId } of of(await chats(), operatorId)) await system.chats.accept({ chatId, operatorId });
    }
    for (let left = 5; left >= 4; left -= 1) {
      const [mine] = of(await chats(), ann).filter(({ state }) => state === ChatState.CHAT_STATE_ACTIVE);
      await system.chats.complete({ chatId: mine?.chatId ?? '' });
      await eventually(async () => {
        const all = await chats();
        expect(all).toHaveLength(left);
        // Nobody waits beside a free place, and nobody has more than they may.
        expect([of(all, ann).length, of(all, ben).length]).toEqual([2, 2]);
      });
    }
  });

  it('CH-2: the last operator who served the customer is asked first', async () => {
    const { departmentId, number, person } = await journey.brandWith({
      routingRules: [
        {
          ...everyone(OfferManner.OFFER_MANNER_ONE_BY_ONE),
          ruleId: 'last',
          target: { kind: TargetKind.TARGET_KIND_LAST_OPERATOR, operatorIds: [], departmentId: '' },
        },
      ],
    });
    const [ann, ben] = [
      await journey.newOperator('ann', [departmentId]),
      await journey.newOperator('ben', [departmentId]),
    ];
    await journey.available(ben);
    await journey.write(person, number, 'First time');
    const { chatId } = await journey.looks(number, { offeredOperatorIds: [ben] });
    await system.chats.accept({ chatId, operatorId: ben });
    await journey.looks(number, { state: ChatState.CHAT_STATE_ACTIVE, operatorId: ben });
    await system.chats.complete({ chatId });
    await journey.available(ann);

    await journey.write(person, number, 'It is me again');

    const again = await journey.looks(number, { offeredOperatorIds: [ben] });
    expect(again.formerChatId).toBe(chatId);
  });
});

describe('a chat that is handed on', () => {
  async function activeChat() {
    const { departmentId, number, person } = await journey.brandWith({ transferTimeout: 'PT5S' });
    const [ann, ben] = [
      await journey.newOperator('ann', [departmentId]),
      await journey.newOperator('ben', [departmentId]),
    ];
    await journey.available(ann, ben);
    await journey.write(person, number, 'Hello');
    const { chatId } = await journey.looks(number, { phoneNumberId: number });
    await system.chats.accept({ chatId, operatorId: ann });
    await journey.looks(number, { state: ChatState.CHAT_STATE_ACTIVE, operatorId: ann });
    return { number, chatId, ann, ben, departmentId };
  }

  it('CH-11: is the other’s when they accept', async () => {
    const { number, chatId, ann, ben } = await activeChat();

    const { chat } = await system.chats.transfer({ chatId, toOperatorId: ben, note: 'Speaks Dutch' });
    expect(chat).toMatchObject({ operatorId: ann, transfer: { toOperatorId: ben } });
    await system.chats.answerTransfer({
      chatId,
      operatorId: ben,
      answer: TransferAnswer.TRANSFER_ANSWER_ACCEPT,
    });

    await journey.looks(number, { operatorId: ben, transfer: undefined });
    await eventually(async () => {
      expect([(await journey.atDesk(ann)).load, (await journey.atDesk(ben)).load]).toEqual([0, 1]);
    });
  });

  it('CH-11: stays where it is when they refuse, and when they say nothing', async () => {
    const { number, chatId, ann, ben } = await activeChat();

    await system.chats.transfer({ chatId, toOperatorId: ben });
    await system.chats.answerTransfer({
      chatId,
      operatorId: ben,
      answer: TransferAnswer.TRANSFER_ANSWER_REFUSE,
    });
    await journey.looks(number, { operatorId: ann, transfer: undefined });
    await system.chats.transfer({ chatId, toOperatorId: ben });
    // Five seconds later.
    await journey.looks(number, { operatorId: ann, transfer: undefined });
    const late = system.chats.answerTransfer({
      chatId,
      operatorId: ben,
      answer: TransferAnswer.TRANSFER_ANSWER_ACCEPT,
    });

    await expect(late).rejects.toBeDefined();
    expect((await journey.chatOf(number)).operatorId).toBe(ann);
  });
});

describe('an operator', () => {
  it('CH-3: goes away without a sign of life, and what they were offered is passed on', async () => {
    const { departmentId, number, person } = await journey.brandWith({
      routingRules: [everyone(OfferManner.OFFER_MANNER_ONE_BY_ONE, 'PT30M')],
      awayAfter: 'PT30S',
    });
    const ann = await journey.newOperator('ann', [departmentId]);
    await journey.available(ann);
    await journey.write(person, number, 'Is Ann there?');
    await journey.looks(number, { offeredOperatorIds: [ann] });

    await journey.advance(45_000);

    await eventually(
      async () => {
        expect(await journey.atDesk(ann)).toMatchObject({ presence: Presence.PRESENCE_AWAY, autoAway: true, load: 0 });
      },
      { timeoutMs: 30_000 },
    );
    await journey.looks(number, { state: ChatState.CHAT_STATE_WAITING, offeredOperatorIds: [] });
    const ben = await journey.newOperator('ben', [departmentId]);
    await journey.available(ben);
    await journey.looks(number, { offeredOperatorIds: [ben] });
  });

  it('CH-3: who is busy gets nothing new and keeps what they have', async () => {
    const { departmentId, number, person } = await journey.brandWith({});
    const ann = await journey.newOperator('ann', [departmentId]);
    await journey.available(ann);
    await journey.write(person, number, 'One');
    const { chatId } = await journey.looks(number, { phoneNumberId: number });
    await system.chats.accept({ chatId, operatorId: ann });
    await journey.looks(number, { state: ChatState.CHAT_STATE_ACTIVE, operatorId: ann });

    await journey.presence(ann, Presence.PRESENCE_BUSY);
    await journey.write(journey.newPerson(), number, 'Two');

    await eventually(async () => {
      const { organisationId } = system.demo;
      const states = [ChatState.CHAT_STATE_WAITING];
      const { chats } = await system.chats.listChats({ organisationId, phoneNumberId: number, states });
      expect(chats).toMatchObject([{ operatorId: '', offeredOperatorIds: [] }]);
    });
    expect((await journey.chat(chatId)).operatorId).toBe(ann);
    expect((await journey.atDesk(ann)).load).toBe(1);
  });
});
