import { type Chat, TransferAnswer } from '@switchboard/contracts/routing/v1/chat_service';
import { AssignmentCause } from '@switchboard/contracts/routing/v1/desk_events';
import { Presence } from '@switchboard/contracts/routing/v1/desk_service';
import { ChatState, TransferOutcome } from '@switchboard/contracts/routing/v1/events';
import { OfferManner, TargetKind } from '@switchboard/contracts/routing/v1/settings';
import { type Brand, createJourney, type Journey, soon } from './support/journey.js';
import { type Chronicle, startChronicle } from './support/chronicle.js';
import { mostHeld, serve, watchDesk } from './support/desk-watch.js';
import { createOperators, offered, type OperatorClient, type Operators } from './support/operators.js';
import { startSystem, type System } from './support/system.js';

/** How chats come to operators and from one to the next, on the real stack; each journey has a brand and operators of its own. */

jest.setTimeout(180_000);

const { OFFER_MANNER_ALL_AT_ONCE, OFFER_MANNER_ONE_BY_ONE, OFFER_MANNER_LEAST_LOADED, OFFER_MANNER_ROUND_ROBIN } =
  OfferManner;

let system: System;
let journey: Journey;
let operators: Operators;
let chronicle: Chronicle;
beforeAll(async () => {
  system = await startSystem();
  journey = createJourney(system);
  operators = createOperators(system);
  chronicle = await startChronicle(system, system.chats);
}, 300_000);
afterEach(() => operators.dismiss());
afterAll(async () => {
  await (chronicle as Chronicle | undefined)?.stop();
  await (system as System | undefined)?.stop();
});

describe('an offer', () => {
  it('CH-2: to all at once: the first to accept has it, and the others hear that it is gone', async () => {
    const brand = await journey.brandWith(offered(OFFER_MANNER_ALL_AT_ONCE));
    const [ann, ben, cleo] = await operators.team(brand, 3);
    const heardByBen = await startChronicle(system, ben.chats);

    const { chatId } = await isOffered(brand, ann, ben, cleo);
    await cleo.chats.accept({ chatId });

    await soon(() => {
      expect(heardByBen.all(brand.number, 'chatAssigned')).toMatchObject([{ chatId, operatorId: cleo.operatorId }]);
    });
    await heardByBen.stop();
    await expect(ann.chats.accept({ chatId })).rejects.toMatchObject({ code: 'routing.chat-taken' });
    await expect(ben.reply(chatId, 'Hello!')).rejects.toMatchObject({ code: 'routing.chat-taken' });
    expect(await journey.chatOf(brand.number)).toMatchObject({
      state: ChatState.CHAT_STATE_ACTIVE,
      operatorId: cleo.operatorId,
      offeredOperatorIds: [],
    });
  });

  it('CH-2: to one by one: who lets it pass or refuses it is followed by the next', async () => {
    const brand = await journey.brandWith(offered(OFFER_MANNER_ONE_BY_ONE, { offerTimeout: 'PT5S' }));
    const both = await operators.team(brand, 2);
    await system.simulator.write(brand.person, brand.number, 'Hello');

    const [first, second] = await soon(() => {
      const offers = chronicle.all(brand.number, 'chatOffered');
      expect(offers.length).toBeGreaterThanOrEqual(2);
      return offers;
    });
    expect(chronicle.all(brand.number, 'chatOfferEnded')).toMatchObject([
      { operatorIds: first!.operatorIds, timedOut: true },
    ]);
    expect([...first!.operatorIds, ...second!.operatorIds].sort()).toEqual(both.map((each) => each.operatorId).sort());
    const [passed, asked] = inOrderOf(both, [first!.operatorIds[0]!, second!.operatorIds[0]!]);
    await expect(passed.chats.accept({ chatId: first!.chatId })).rejects.toMatchObject({ code: 'routing.chat-taken' });
    await asked.chats.accept({ chatId: first!.chatId });

    expect(await active(brand)).toMatchObject({ operatorId: asked.operatorId });
  });

  it('CH-2: that is refused goes to the next at once, and back to nobody who refused it', async () => {
    const brand = await journey.brandWith(offered(OFFER_MANNER_ONE_BY_ONE));
    const both = await operators.team(brand, 2);
    await system.simulator.write(brand.person, brand.number, 'Hello');
    for (const turn of [1, 2]) {
      const offer = await soon(() => {
        const offers = chronicle.all(brand.number, 'chatOffered');
        expect(offers).toHaveLength(turn);
        return offers.at(-1)!;
      });
      const [asked] = both.filter(({ operatorId }) => offer.operatorIds.includes(operatorId));
      await asked!.chats.refuse({ chatId: offer.chatId });
    }

    await soon(() => {
      expect(chronicle.all(brand.number, 'chatOfferEnded')).toMatchObject([{ timedOut: false }, { timedOut: false }]);
    });
    expect(chronicle.all(brand.number, 'chatOffered')).toHaveLength(2);
    const chat = await journey.becomes(brand.number, ChatState.CHAT_STATE_WAITING);
    expect(chat).toMatchObject({ operatorId: '', offeredOperatorIds: [] });
  });

  it('CH-2: to the least loaded: each chat is given to who has the smallest share of their limit, none beyond it', async () => {
    const brand = await journey.brandWith(offered(OFFER_MANNER_LEAST_LOADED));
    const [[large], [small]] = await Promise.all([
      operators.team(brand, 1, { limit: 4 }),
      operators.team(brand, 1, { limit: 2 }),
    ]);
    const limits = new Map([
      [large.operatorId, 4],
      [small.operatorId, 2],
    ]);
    for (let chat = 0; chat < 7; chat += 1) await system.simulator.write(journey.newPerson(), brand.number, 'Hello');

    const given = await soon(() => {
      const assigned = chronicle.all(brand.number, 'chatAssigned');
      expect(assigned).toHaveLength(6);
      return assigned;
    });
    const loads = new Map([...limits.keys()].map((operatorId): [string, number] => [operatorId, 0]));
    const share = (operatorId: string): number => loads.get(operatorId)! / limits.get(operatorId)!;
    for (const { operatorId, cause } of given) {
      expect(cause).toBe(AssignmentCause.ASSIGNMENT_CAUSE_GIVEN);
      expect(share(operatorId)).toBe(Math.min(...[...limits.keys()].map(share)));
      loads.set(operatorId, loads.get(operatorId)! + 1);
    }
    expect(loads).toEqual(limits);
    await soon(async () => {
      expect(await journey.chatsOf(brand.number, { states: [ChatState.CHAT_STATE_WAITING] })).toHaveLength(1);
    });
  });

  it('CH-2: to who served the customer last, alone; then to everyone', async () => {
    const target = TargetKind.TARGET_KIND_LAST_OPERATOR;
    const brand = await journey.brandWith(offered(OFFER_MANNER_ALL_AT_ONCE, { target }));
    const [ann, ben] = await operators.team(brand, 2);
    const { chatId } = await isOffered(brand, ann, ben);
    await ann.chats.accept({ chatId });
    await ann.chats.complete({ chatId });
    await journey.becomes(brand.number, ChatState.CHAT_STATE_COMPLETED);

    const again = await isOffered(brand, ann);
    await ann.chats.refuse({ chatId: again.chatId });

    expect(again.formerChatId).toBe(chatId);
    await soon(async () => {
      expect((await journey.chatOf(brand.number)).offeredOperatorIds).toEqual([ben.operatorId]);
    });
    await ben.reply(again.chatId, 'Hello again!');
    expect(await active(brand)).toMatchObject({ operatorId: ben.operatorId });
  });
});

describe('a transfer', () => {
  it('CH-11: is accepted, refused or times out; until then, and where it was not accepted, the chat stays', async () => {
    const brand = await journey.brandWith({ ...offered(OFFER_MANNER_ALL_AT_ONCE), transferTimeout: 'PT5S' });
    const [ann, ben] = await operators.team(brand, 2);
    const { chatId } = await isOffered(brand, ann, ben);
    await ann.chats.accept({ chatId });
    await active(brand);
    const [accept, refuse] = [TransferAnswer.TRANSFER_ANSWER_ACCEPT, TransferAnswer.TRANSFER_ANSWER_REFUSE];

    const { chat: asked } = await ann.chats.transfer({ chatId, toOperatorId: ben.operatorId, note: 'Your customer' });
    expect(asked).toMatchObject({ operatorId: ann.operatorId, transfer: { toOperatorId: ben.operatorId } });
    await ben.chats.answerTransfer({ chatId, answer: accept });
    await isWith(ben, brand);
    await ben.chats.transfer({ chatId, toOperatorId: ann.operatorId });
    await ann.chats.answerTransfer({ chatId, answer: refuse });
    await isWith(ben, brand);
    await ben.chats.transfer({ chatId, toOperatorId: ann.operatorId });

    await soon(() => {
      expect(chronicle.all(brand.number, 'transferEnded')).toMatchObject([
        { outcome: TransferOutcome.TRANSFER_OUTCOME_ACCEPTED, answeredBy: ben.operatorId },
        { outcome: TransferOutcome.TRANSFER_OUTCOME_REFUSED, answeredBy: ann.operatorId },
        { outcome: TransferOutcome.TRANSFER_OUTCOME_TIMED_OUT, answeredBy: '' },
      ]);
    });
    await isWith(ben, brand);
    expect(chronicle.all(brand.number, 'chatAssigned')).toMatchObject([
      { operatorId: ann.operatorId, cause: AssignmentCause.ASSIGNMENT_CAUSE_TAKEN },
      {
        operatorId: ben.operatorId,
        formerOperatorId: ann.operatorId,
        cause: AssignmentCause.ASSIGNMENT_CAUSE_TRANSFERRED,
      },
    ]);
    await expect(ann.reply(chatId, 'Still mine?')).rejects.toMatchObject({ code: 'routing.chat-taken' });
  });
});

describe('places', () => {
  it('CH-3: one that becomes free is filled with the chat that has waited longest', async () => {
    const brand = await journey.brandWith({ ...offered(OFFER_MANNER_ROUND_ROBIN), concurrentLimit: 2 });
    await operators.team(brand, 2);
    for (let chat = 0; chat < 8; chat += 1) await system.simulator.write(journey.newPerson(), brand.number, 'Hello');
    const waiting = await soon(async () => {
      const chats = await journey.chatsOf(brand.number, { states: [ChatState.CHAT_STATE_WAITING] });
      expect(chats).toHaveLength(4);
      expect(chronicle.all(brand.number, 'chatAssigned')).toHaveLength(4);
      return new Map(chats.map(({ chatId, waitingSince }) => [chatId, waitingSince!.getTime()]));
    });

    for (const { chatId, operatorId } of chronicle.all(brand.number, 'chatAssigned')) {
      const served = chronicle.all(brand.number, 'chatAssigned').length;
      await system.chats.complete({ chatId });
      const filled = await soon(() => {
        const assigned = chronicle.all(brand.number, 'chatAssigned');
        expect(assigned).toHaveLength(served + 1);
        return assigned.at(-1)!;
      });
      expect(filled.operatorId).toBe(operatorId);
      expect(waiting.get(filled.chatId)).toBe(Math.min(...waiting.values()));
      waiting.delete(filled.chatId);
    }
    expect(waiting.size).toBe(0);
  });

  it.each([
    ['all at once', OFFER_MANNER_ALL_AT_ONCE],
    ['in turn', OFFER_MANNER_ROUND_ROBIN],
  ])('CH-3: offered %s: nobody has more than their limit, or room beside a chat that waits', async (_how, manner) => {
    const [limit, customers] = [2, 24];
    const brand = await journey.brandWith({ ...offered(manner), concurrentLimit: limit });
    const staff = await operators.team(brand, 3);
    const watch = watchDesk({ system, journey, brand, limit });
    await Promise.all(
      Array.from({ length: customers }, () => system.simulator.write(journey.newPerson(), brand.number, 'Hello')),
    );
    const served = new Set<string>();
    await Promise.all(staff.map((operator) => serve(operator, { journey, brand, served, customers })));
    const seen = await watch.stop();

    expect(seen.mostAtATime).toBe(limit);
    expect(seen.longestIdleMs).toBeLessThan(20_000);
    await soon(() => {
      expect(chronicle.all(brand.number, 'chatCompleted')).toHaveLength(customers);
    });
    expect(chronicle.all(brand.number, 'chatAssigned')).toHaveLength(customers);
    expect(mostHeld(chronicle.of(brand.number))).toBe(limit);
  });
});

describe('presence', () => {
  it('CH-3: who is busy gets nothing new and keeps what they have; what waits is theirs to take when they are back', async () => {
    const brand = await journey.brandWith(offered(OFFER_MANNER_ALL_AT_ONCE));
    const [ann] = await operators.team(brand, 1);
    const { chatId } = await isOffered(brand, ann);
    await ann.reply(chatId, 'Hello!');
    await active(brand);
    const second = journey.newPerson();

    await ann.is(Presence.PRESENCE_BUSY);
    await system.simulator.write(second, brand.number, 'Hello');

    const nobody = { state: ChatState.CHAT_STATE_WAITING, offeredOperatorIds: [] };
    const waits = await journey.looks(brand.number, nobody, second);
    expect(await active(brand)).toMatchObject({ operatorId: ann.operatorId });
    await ann.is(Presence.PRESENCE_AVAILABLE);
    await journey.looks(brand.number, { chatId: waits.chatId, offeredOperatorIds: [ann.operatorId] }, second);
  });

  it('CH-3: when they stop, the operator is away: what they are offered goes to others, what they have stays theirs', async () => {
    const brand = await journey.brandWith({ ...offered(OFFER_MANNER_ONE_BY_ONE), awayAfter: 'PT30S' });
    const both = await operators.team(brand, 2);
    const [inHand, waits] = [journey.newPerson(), journey.newPerson()];
    await system.simulator.write(waits, brand.number, 'Hello');
    const { chatId, offeredOperatorIds } = await soon(async () => {
      const chat = await journey.chatOf(brand.number, waits);
      expect(chat.offeredOperatorIds).toHaveLength(1);
      return chat;
    });
    const [silent, other] = inOrderOf(both, offeredOperatorIds);
    await system.simulator.write(inHand, brand.number, 'Hello');
    const had = await soon(() => journey.chatOf(brand.number, inHand));
    await system.chats.assign({ chatId: had.chatId, operatorId: silent.operatorId });
    await silent.fallSilent();

    // In steps, so that the other has time to give a sign of life.
    for (let step = 1; step <= 4; step += 1) await journey.advance(11_000);

    await soon(async () => {
      const chat = await journey.chatOf(brand.number, waits);
      expect(chat).toMatchObject({ chatId, offeredOperatorIds: [other.operatorId] });
    });
    const { operator } = await silent.desks.heartbeat({ operatorId: silent.operatorId });
    expect(operator).toMatchObject({ presence: Presence.PRESENCE_AWAY, autoAway: true, load: 1 });
    expect(await journey.chatOf(brand.number, inHand)).toMatchObject({ operatorId: silent.operatorId });
    await other.chats.accept({ chatId });
    expect(await active(brand, waits)).toMatchObject({ operatorId: other.operatorId });
  });
});

/** Those two, the one that is named first. */
const inOrderOf = (both: readonly OperatorClient[], [first]: readonly string[]) =>
  [...both].sort((a, b) => Number(b.operatorId === first) - Number(a.operatorId === first)) as [
    OperatorClient,
    OperatorClient,
  ];

const active = (brand: Brand, person = brand.person) =>
  journey.becomes(brand.number, ChatState.CHAT_STATE_ACTIVE, person);

/** The customer writes, and these are asked together. */
async function isOffered(brand: Brand, ...to: OperatorClient[]): Promise<Chat> {
  await system.simulator.write(brand.person, brand.number, 'Hello');
  return soon(async () => {
    const chat = await journey.chatOf(brand.number);
    expect([...chat.offeredOperatorIds].sort()).toEqual(to.map(({ operatorId }) => operatorId).sort());
    return chat;
  });
}

const isWith = ({ operatorId }: OperatorClient, { number }: Brand) =>
  soon(async () => {
    expect(await journey.chatOf(number)).toMatchObject({ operatorId, transfer: undefined });
  });
