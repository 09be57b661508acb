import { ChatState, TransferOutcome } from '@switchboard/contracts/routing/v1/events';
import { TransferAnswer } from '@switchboard/contracts/routing/v1/chat_service';
import { echo } from './support/inputs.js';
import { begin, lastOf, MINUTE, stopAll, typesOf } from './support/life.js';

/** Chats go from hand to hand (CH-3, CH-11), over gRPC, with a desk that has places as the test says. */

afterEach(stopAll);

/** Olga has the chat. */
async function hers() {
  const begun = await begin();
  const [olga, otto] = [await begun.server.operator('olga'), await begun.server.operator('otto')];
  const sue = await begun.server.operator('sue', 'routing.*');
  await olga.reply({ chatId: begun.chatId, idempotencyKey: 'first', text: 'hi' });
  await begun.world.hearOffers();
  return { ...begun, olga, otto, sue };
}

describe('CH-3 taking a chat', () => {
  it('has a place at the desk first; then it is theirs, and the desk is not told twice', async () => {
    const { world, server, chatId, state } = await begin();
    const olga = await server.operator('olga');

    const { chat } = await olga.accept({ chatId });
    await olga.accept({ chatId });

    expect(chat).toMatchObject({ state: ChatState.CHAT_STATE_ACTIVE, operatorId: 'olga' });
    expect(world.desk.claims).toMatchObject([
      { operatorId: 'olga', cause: 'taken', facts: { count: 1, departmentId: 'sales', isFree: true } },
    ]);
    expect(await state()).toMatchObject({ offeredOperatorIds: [], waitingSince: undefined });
  });

  it('is refused at the limit, and nothing stands in the chat', async () => {
    const { world, server, chatId, state } = await begin();
    world.desk.atLimit.add('olga');
    const olga = await server.operator('olga');
    const full = { kind: 'exhausted', code: 'routing.operator-at-limit' };

    await expect(olga.accept({ chatId })).rejects.toMatchObject(full);
    await expect(olga.reply({ chatId, idempotencyKey: 'k', text: 'hi' })).rejects.toMatchObject(full);

    expect((await state()).state).toBe(ChatState.CHAT_STATE_WAITING);
    expect(typesOf(world)).not.toContain('replyQueued');
  });

  it('by a reply takes it too, missed ones as well', async () => {
    const { world, server, chatId, state } = await begin();
    await world.pass(5 * MINUTE);
    const olga = await server.operator('olga');

    await olga.reply({ chatId, idempotencyKey: 'k', text: 'hi' });
    await olga.reply({ chatId, idempotencyKey: 'k', text: 'hi' });
    await world.hearOffers();

    expect(await state()).toMatchObject({ state: ChatState.CHAT_STATE_ACTIVE, operatorId: 'olga' });
    expect(world.desk.claims).toHaveLength(1);
    expect(typesOf(world).filter((type) => type === 'chatAssigned')).toHaveLength(1);
  });

  it('that somebody has is refused to associates, whatever they want of it', async () => {
    const { otto, chatId } = await hers();
    const taken = { kind: 'conflict', code: 'routing.chat-taken' };

    await expect(otto.accept({ chatId })).rejects.toMatchObject(taken);
    await expect(otto.reply({ chatId, idempotencyKey: 'k', text: 'hi' })).rejects.toMatchObject(taken);
    await expect(otto.complete({ chatId })).rejects.toMatchObject(taken);
    await expect(otto.transfer({ chatId, toOperatorId: 'otto' })).rejects.toMatchObject(taken);
    await expect(otto.blockCustomer({ chatId })).rejects.toMatchObject(taken);
  });

  it('in the name of another is refused', async () => {
    const { otto, chatId } = await hers();

    await expect(otto.accept({ chatId, operatorId: 'olga' })).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'routing.other-operator',
    });
  });
});

describe('CH-3 a supervisor', () => {
  it('joins: their words go out, and the chat stays whose it was', async () => {
    const { world, sue, chatId, state } = await hers();

    await sue.reply({ chatId, idempotencyKey: 'k', text: 'a word from me' });

    expect(lastOf(world, 'replyQueued')).toMatchObject({ authorId: 'sue' });
    expect((await state()).operatorId).toBe('olga');
  });

  it('assigns, and takes over', async () => {
    const { world, sue, chatId } = await hers();

    expect((await sue.assign({ chatId, operatorId: 'otto' })).chat).toMatchObject({ operatorId: 'otto' });
    expect((await sue.assign({ chatId })).chat).toMatchObject({ operatorId: 'sue' });

    expect(lastOf(world, 'chatAssigned')).toMatchObject({ operatorId: 'sue', formerOperatorId: 'otto', cause: 3 });
  });

  it('alone may: an associate has no scope for it', async () => {
    const { otto, chatId } = await hers();

    await expect(otto.assign({ chatId })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(otto.decideBlock({ chatId, approve: true })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('takes a chat from a bot', async () => {
    const { world, server, chatId } = await begin({ bot: echo });
    const sue = await server.operator('sue', 'routing.*');

    await sue.assign({ chatId, operatorId: 'olga' });

    expect(typesOf(world).slice(-2)).toEqual(['chatHandedOver', 'chatAssigned']);
  });
});

describe('CH-3 an offer', () => {
  it('is refused by who has it; the desk asks the next', async () => {
    const { world, server, chatId, threadId, state } = await begin();
    const otto = await server.operator('otto');
    const about = { organisationId: 'acme', threadId, chatId, phoneNumberId: '341', occurredAt: new Date(0) };
    const offered = { $case: 'offered' as const, value: { operatorIds: ['olga', 'otto'], until: undefined } };
    await world.hearOffers({ ...about, sequence: 1n, count: 1n, offer: offered });

    await otto.refuse({ chatId });
    await otto.refuse({ chatId });

    expect((await state()).offeredOperatorIds).toEqual(['olga']);
    const asked = world.desk.asked().filter(({ request }) => request?.$case === 'offerRefused');
    expect(asked).toMatchObject([{ count: 1n, request: { value: { operatorId: 'otto' } } }]);
  });
});

describe('CH-11 a transfer', () => {
  it('leaves the chat where it is until it is accepted; then the place has moved', async () => {
    const { world, olga, otto, chatId, state } = await hers();

    await olga.transfer({ chatId, toOperatorId: 'otto', note: 'speaks Portuguese' });
    expect(await state()).toMatchObject({
      operatorId: 'olga',
      transfer: { toOperatorId: 'otto', requestedBy: 'olga' },
    });
    expect(world.desk.claims).toHaveLength(1);
    const { chat } = await otto.answerTransfer({ chatId, answer: TransferAnswer.TRANSFER_ANSWER_ACCEPT });

    expect(chat).toMatchObject({ operatorId: 'otto', transfer: undefined });
    expect(world.desk.claims.at(-1)).toMatchObject({ operatorId: 'otto', cause: 'transferred' });
    expect(lastOf(world, 'transferEnded')).toEqual({
      outcome: TransferOutcome.TRANSFER_OUTCOME_ACCEPTED,
      answeredBy: 'otto',
    });
  });

  it('to a department changes the department when somebody of it accepts', async () => {
    const { olga, otto, chatId, state } = await hers();
    await olga.transfer({ chatId, toDepartmentId: 'care' });

    await otto.answerTransfer({ chatId, answer: TransferAnswer.TRANSFER_ANSWER_ACCEPT });

    expect(await state()).toMatchObject({ operatorId: 'otto', departmentId: 'care' });
  });

  it('to a department is not for who asked for it, also where they answer there themselves', async () => {
    const { world, sue, otto, olga, chatId, state } = await hers();
    await sue.transfer({ chatId, toDepartmentId: 'sales' });
    const answer = TransferAnswer.TRANSFER_ANSWER_ACCEPT;
    const ofOthers = { kind: 'conflict', code: 'routing.transfer-of-others' };

    await expect(sue.answerTransfer({ chatId, answer })).rejects.toMatchObject(ofOthers);
    await expect(olga.answerTransfer({ chatId, answer })).rejects.toMatchObject(ofOthers);
    expect(world.desk.claims).toHaveLength(1);
    expect(await state()).toMatchObject({ operatorId: 'olga', transfer: { requestedBy: 'sue' } });
    await otto.answerTransfer({ chatId, answer });

    expect((await state()).operatorId).toBe('otto');
  });

  it.each([
    ['refused', 'otto', TransferAnswer.TRANSFER_ANSWER_REFUSE, TransferOutcome.TRANSFER_OUTCOME_REFUSED],
    ['taken back', 'olga', TransferAnswer.TRANSFER_ANSWER_WITHDRAW, TransferOutcome.TRANSFER_OUTCOME_WITHDRAWN],
  ] as const)('that is %s leaves it where it was', async (_how, who, answer, outcome) => {
    const all = await hers();
    const { world, chatId, state } = all;
    await all.olga.transfer({ chatId, toOperatorId: 'otto' });

    await all[who].answerTransfer({ chatId, answer });

    expect(await state()).toMatchObject({ operatorId: 'olga', transfer: undefined });
    expect(lastOf(world, 'transferEnded')).toEqual({ outcome, answeredBy: who });
  });

  it('times out, and the chat is idle from its last word as before', async () => {
    const { world, olga, chatId, state } = await hers();
    const { deadlineAt } = await state();
    await world.pass(MINUTE);
    await olga.transfer({ chatId, toOperatorId: 'otto' });

    await world.pass(2 * MINUTE);

    expect(lastOf(world, 'transferEnded')).toMatchObject({ outcome: TransferOutcome.TRANSFER_OUTCOME_TIMED_OUT });
    expect(await state()).toMatchObject({ operatorId: 'olga', deadlineAt });
  });

  it('accepted when it was just taken back gives the place back to whom the chat is', async () => {
    const { world, olga, chatId, state } = await hers();
    await olga.transfer({ chatId, toOperatorId: 'otto' });
    const facts = { count: 2, departmentId: 'sales', concurrentLimit: 5, isFree: false };
    const about = { organisationId: 'acme', number: '341', chatId, facts };
    await world.desk.claimPlace({ ...about, operatorId: 'otto', cause: 'transferred' });

    await olga.answerTransfer({ chatId, answer: TransferAnswer.TRANSFER_ANSWER_WITHDRAW });
    await world.hearOffers();

    expect((await state()).operatorId).toBe('olga');
    expect(world.desk.asked().at(-1)).toMatchObject({
      count: 3n,
      request: { $case: 'chatHeld', value: { operatorId: 'olga' } },
    });
  });

  it.each([
    ['of others is not answered', TransferAnswer.TRANSFER_ANSWER_ACCEPT, 'routing.transfer-of-others'],
    ['of others is not refused', TransferAnswer.TRANSFER_ANSWER_REFUSE, 'routing.transfer-of-others'],
    ['of others is not taken back', TransferAnswer.TRANSFER_ANSWER_WITHDRAW, 'routing.transfer-of-others'],
  ])('%s', async (_what, answer, code) => {
    const { server, olga, chatId } = await hers();
    await olga.transfer({ chatId, toOperatorId: 'otto' });
    const pia = await server.operator('pia');

    await expect(pia.answerTransfer({ chatId, answer })).rejects.toMatchObject({ kind: 'conflict', code });
  });

  it('is asked for once at a time, and not to who has the chat', async () => {
    const { olga, chatId } = await hers();
    await expect(olga.transfer({ chatId, toOperatorId: 'olga' })).rejects.toMatchObject({
      code: 'routing.chat-theirs',
    });
    await olga.transfer({ chatId, toOperatorId: 'otto' });
    await olga.transfer({ chatId, toOperatorId: 'otto' });

    await expect(olga.transfer({ chatId, toOperatorId: 'pia' })).rejects.toMatchObject({
      code: 'routing.transfer-pending',
    });
  });
});

describe('CH-11 notes and tags', () => {
  it('a note is kept once per key, shown to people, and never sent', async () => {
    const { world, olga, otto, chatId } = await hers();
    const note = { chatId, idempotencyKey: 'n', text: 'asked for a discount' };

    const first = await olga.addNote(note);
    expect(await olga.addNote(note)).toEqual(first);
    await expect(olga.addNote({ ...note, text: 'other' })).rejects.toMatchObject({ code: 'routing.key-reused' });
    // Of a key of their own.
    await olga.reply({ chatId, idempotencyKey: 'n', text: 'hello' });

    const { messages } = await otto.listMessages({ chatId });
    expect(messages.filter(({ noticeKind }) => noticeKind === 'note')).toMatchObject([
      { sequence: first.sequence, authorId: 'olga', content: { kind: { value: { body: 'asked for a discount' } } } },
    ]);
    expect(typesOf(world).filter((type) => type === 'replyQueued')).toHaveLength(2);
  });

  it('tags are the thread’s: lists find its chats by them, also those that come', async () => {
    const { world, olga, chats, chatId, write } = await hers();

    await olga.setTags({ chatId, tags: ['vip', 'refund'] });
    await olga.setTags({ chatId, tags: ['refund', 'vip'] });

    expect(typesOf(world).filter((type) => type === 'tagsChanged')).toHaveLength(1);
    expect((await chats.listChats({ tag: 'vip' })).chats).toMatchObject([{ chatId, tags: ['refund', 'vip'] }]);
    expect((await chats.listChats({ tag: 'other' })).chats).toEqual([]);
    await olga.complete({ chatId });
    await write();
    expect((await chats.listChats({ tag: 'vip' })).chats).toHaveLength(1);
  });

  it('lists find chats by who has them', async () => {
    const { chats, chatId } = await hers();

    expect((await chats.listChats({ operatorId: 'olga' })).chats).toMatchObject([{ chatId }]);
    expect((await chats.listChats({ operatorId: 'otto' })).chats).toEqual([]);
  });
});

it('SE-1 of another organisation nothing can be done', async () => {
  const { server, chatId } = await begin();
  const globex = await server.chats('globex');
  const notFound = { kind: 'not-found' };
  const o = { operatorId: 'olga' };

  await expect(globex.accept({ chatId, ...o })).rejects.toMatchObject(notFound);
  await expect(globex.refuse({ chatId, ...o })).rejects.toMatchObject(notFound);
  await expect(globex.assign({ chatId, ...o })).rejects.toMatchObject(notFound);
  await expect(globex.transfer({ chatId, toOperatorId: 'o' })).rejects.toMatchObject(notFound);
  await expect(globex.answerTransfer({ chatId, answer: 1, ...o })).rejects.toMatchObject(notFound);
  await expect(globex.handOver({ chatId })).rejects.toMatchObject(notFound);
  await expect(globex.addNote({ chatId, idempotencyKey: 'k', text: 'x' })).rejects.toMatchObject(notFound);
  await expect(globex.setTags({ chatId, tags: [] })).rejects.toMatchObject(notFound);
  await expect(globex.blockCustomer({ chatId })).rejects.toMatchObject(notFound);
  await expect(globex.decideBlock({ chatId, approve: true })).rejects.toMatchObject(notFound);
  await expect(globex.unblockCustomer({ chatId })).rejects.toMatchObject(notFound);
  await expect(
    globex.start({ phoneNumberId: '341', phone: '12025550143', idempotencyKey: 'k', text: 'x' }),
  ).rejects.toMatchObject(notFound);
});
