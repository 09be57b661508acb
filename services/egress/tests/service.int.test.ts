import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { MessageClass, OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { eventually } from '@switchboard/testing';
import { type Installation, startInstallation } from './support/installation.js';
import { customerWrote, replyQueued } from './support/world.js';

/** One process on real Kafka and MongoDB, the simulator as Meta. */

jest.setTimeout(120_000);

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation('service', { graphTimeoutMs: 1_500 });
  await installation.startProcess();
}, 180_000);
afterAll(() => installation.stop(), 60_000);
afterEach(() => {
  installation.simulator.control.clearFaults(installation.number);
  installation.bridge.hidesOurId = false;
});

let people = 0;
const phoneOf = (customer: string): string => `1202555${customer.slice(-4)}`;
/** A customer who has just written to the number. */
function someone(): string {
  const customer = `anna-${String((people += 1)).padStart(4, '0')}`;
  installation.simulator.control.write(phoneOf(customer), { text: 'hi', phone_number_id: installation.number });
  return customer;
}
const reply = (customer: string, sequence: number) => {
  const event = replyQueued(new Date(), sequence, customer);
  const threadId = `${installation.number}.1.${customer}`;
  const messageId = `${threadId}:${sequence}`;
  const phone = phoneOf(customer);
  if (event.event?.$case === 'replyQueued') Object.assign(event.event.value, { messageId, recipient: { phone } });
  return { messageId, event: { ...event, threadId, phoneNumberId: installation.number } };
};
const statesSaid = (messageId: string) => installation.said(messageId).map(({ state }) => state);
const callsOf = (messageId: string) =>
  installation.simulator.control
    .messages({ phone_number_id: installation.number, limit: 100_000 })
    .messages.filter((message) => message.biz_opaque_callback_data?.startsWith(`${messageId}:`));

describe('a queued reply', () => {
  it('TX-3 is handed to Meta and followed until it is read', async () => {
    const { messageId, event } = reply(someone(), 1);

    await installation.queue([event]);

    await eventually(() => {
      expect(statesSaid(messageId).at(-1)).toBe(MessageState.MESSAGE_STATE_READ);
    });
    expect(installation.said(messageId).map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(callsOf(messageId)).toHaveLength(1);
    const client = await installation.client();
    const { message } = await client.get({ messageId });
    expect(message).toMatchObject({
      state: MessageState.MESSAGE_STATE_READ,
      organisationId: 'acme',
      attempts: [{ number: 1, state: MessageState.MESSAGE_STATE_READ }],
      pricing: { model: 'PMP', category: 'service' },
      troubleCode: '',
    });
    expect(message?.stateTimes.map(({ state }) => state)).toEqual(
      expect.arrayContaining([MessageState.MESSAGE_STATE_SENT, MessageState.MESSAGE_STATE_DELIVERED]),
    );
    client.close();
  });

  it('CH-12 goes in the order of its thread', async () => {
    const customer = someone();
    const replies = Array.from({ length: 12 }, (_, index) => reply(customer, index + 1));

    await installation.queue(replies.map(({ event }) => event));

    await eventually(() => {
      expect(callsOf(replies.at(-1)!.messageId)).toHaveLength(1);
    });
    const ids = replies.map(({ messageId }) => messageId);
    const sent = installation.simulator.control
      .messages({ phone_number_id: installation.number })
      .messages.map((message) => message.biz_opaque_callback_data?.replace(/:1$/, '') ?? '')
      .filter((messageId) => ids.includes(messageId));
    expect(sent).toEqual(ids);
  });

  it('TX-4 is unknown when Meta’s answer is lost, resolved by the status, and sent once', async () => {
    const { messageId, event } = reply(someone(), 1);
    installation.simulator.control.setFaults(
      { timeouts: 1, timeout_mode: 'hang', sent_delay_ms: [3_000, 3_000], delivered_delay_ms: [3_500, 3_500] },
      installation.number,
    );

    await installation.queue([event]);

    await eventually(() => {
      expect(statesSaid(messageId)).toContain(MessageState.MESSAGE_STATE_UNKNOWN);
    });
    await eventually(() => {
      expect([MessageState.MESSAGE_STATE_DELIVERED, MessageState.MESSAGE_STATE_READ]).toContain(
        statesSaid(messageId).at(-1),
      );
    });
    expect(callsOf(messageId)).toHaveLength(1);
    expect(installation.said(messageId).at(-1)?.whatsappMessageId).toBe(callsOf(messageId)[0]?.id);
  });

  it('TX-3 meets statuses that do not carry our id at Meta’s id, also those that come before the answer', async () => {
    const { messageId, event } = reply(someone(), 1);
    installation.bridge.hidesOurId = true;
    installation.simulator.control.setFaults(
      {
        answer_delay_ms: [900, 900],
        sent_delay_ms: [0, 0],
        delivered_delay_ms: [50, 50],
        read_delay_ms: [2_000, 2_000],
      },
      installation.number,
    );

    await installation.queue([event]);

    await eventually(() => {
      expect(statesSaid(messageId).at(-1)).toBe(MessageState.MESSAGE_STATE_READ);
    });
    expect(callsOf(messageId)).toHaveLength(1);
  });

  it('TX-5 is tried again, in order, when Meta is busy', async () => {
    const customer = someone();
    const [first, second] = [reply(customer, 1), reply(customer, 2)];
    installation.simulator.control.orderFailure({ code: 130_429, phone_number_id: installation.number });

    await installation.queue([first.event, second.event]);

    await eventually(() => {
      expect(statesSaid(second.messageId).at(-1)).toBe(MessageState.MESSAGE_STATE_READ);
    });
    expect(callsOf(first.messageId).map((message) => message.biz_opaque_callback_data)).toEqual([
      `${first.messageId}:2`,
    ]);
    expect(callsOf(second.messageId)).toHaveLength(1);
  });

  it('TX-5 waits when Meta does not take the token, and goes when account tells of a change', async () => {
    const { messageId, event } = reply(someone(), 1);
    const client = await installation.client();
    installation.simulator.control.orderFailure({ code: 190, phone_number_id: installation.number });

    await installation.queue([event]);
    await eventually(async () => {
      const { message } = await client.get({ messageId });
      expect(message).toMatchObject({
        state: MessageState.MESSAGE_STATE_ACCEPTED,
        attempts: [{ error: { code: 190 } }],
      });
    });
    await installation.changeNumber(2n);

    await eventually(() => {
      expect(statesSaid(messageId).at(-1)).toBe(MessageState.MESSAGE_STATE_READ);
    });
    expect(callsOf(messageId).map((message) => message.biz_opaque_callback_data)).toEqual([`${messageId}:2`]);
    client.close();
  });

  it('fails with Meta’s error when that is final', async () => {
    const { messageId, event } = reply(someone(), 1);
    installation.simulator.control.orderFailure({ code: 131_026, phone_number_id: installation.number });

    await installation.queue([event]);

    await eventually(() => {
      expect(installation.said(messageId).at(-1)).toMatchObject({
        state: MessageState.MESSAGE_STATE_FAILED,
        event: { $case: 'failed', value: { error: { code: 131_026 } } },
      });
    });
    expect(callsOf(messageId)).toHaveLength(0);
  });

  it('TX-1 is refused outside the window, which a message of the customer opens', async () => {
    const customer = someone();
    const [late, later] = [reply(customer, 1), reply(customer, 3)];
    const longAgo = {
      whatsappMessageId: 'w',
      sentAt: new Date(Date.now() - 25 * 3_600_000),
      freeEntryUntil: undefined,
    };
    for (const { event } of [late, later]) {
      if (event.event?.$case === 'replyQueued') event.event.value.lastInbound = longAgo;
    }

    await installation.queue([late.event]);
    await eventually(() => {
      expect(installation.said(late.messageId).at(-1)).toMatchObject({
        state: MessageState.MESSAGE_STATE_REFUSED,
        event: { $case: 'refused', value: { code: 'egress.window-closed' } },
      });
    });
    const wrote = customerWrote(new Date(), 2, customer);
    await installation.queue([
      { ...wrote, threadId: late.event.threadId, phoneNumberId: installation.number },
      later.event,
    ]);

    await eventually(() => {
      expect(statesSaid(later.messageId).at(-1)).toBe(MessageState.MESSAGE_STATE_READ);
    });
  });
});

describe('MessageService', () => {
  const request = (idempotencyKey: string, text = 'your order is ready') => ({
    phoneNumberId: installation.number,
    message: {
      ...OutboundMessage.decode(new Uint8Array()),
      idempotencyKey,
      recipient: { phone: `+${phoneOf(someone())}`, userId: '' },
      content: { kind: { $case: 'text', value: { body: text } } } as const,
    },
  });

  it('TX-2 sends once per key, however often and at once it is asked', async () => {
    const client = await installation.client();
    const wanted = request(`key-${Date.now()}`);

    const answers = await Promise.all(Array.from({ length: 10 }, () => client.send(wanted)));

    const ids = new Set(answers.map(({ message }) => message?.messageId));
    expect(ids.size).toBe(1);
    const [messageId = ''] = ids;
    await eventually(() => {
      expect(statesSaid(messageId).at(-1)).toBe(MessageState.MESSAGE_STATE_READ);
    });
    expect(callsOf(messageId)).toHaveLength(1);
    const content = { kind: { $case: 'text', value: { body: 'something else' } } } as const;
    await expect(client.send({ ...wanted, message: { ...wanted.message, content } })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'egress.key-reused',
    });
    client.close();
  });

  it('asks routing in batches for calls that come together', async () => {
    const client = await installation.client();
    const before = { ...installation.neighbours.asked };

    await Promise.all(Array.from({ length: 40 }, (_, index) => client.send(request(`batch-${Date.now()}-${index}`))));

    expect(installation.neighbours.asked.resolves - before.resolves).toBeLessThan(20);
    expect(installation.neighbours.asked.tokens).toBe(before.tokens);
    client.close();
  });

  it('TX-2 takes 500 at once with one question to routing, and lists them newest first', async () => {
    const client = await installation.client();
    const before = installation.neighbours.asked.resolves;
    const messages = Array.from({ length: 500 }, (_, index) => ({
      ...request(`many-${Date.now()}-${index}`).message,
      class: MessageClass.MESSAGE_CLASS_BULK,
    }));

    const { outcomes } = await client.sendBatch({ phoneNumberId: installation.number, messages });

    expect(outcomes.filter(({ outcome }) => outcome?.$case === 'message')).toHaveLength(500);
    expect(installation.neighbours.asked.resolves - before).toBe(1);
    const { messages: listed } = await client.list({
      organisationId: 'acme',
      phoneNumberId: installation.number,
      pageSize: 500,
    });
    const ids = outcomes.flatMap(({ outcome }) => (outcome?.$case === 'message' ? outcome.value.messageId : []));
    expect(new Set(listed.map(({ messageId }) => messageId))).toEqual(new Set(ids));
    client.close();
  });

  it('SE-1 shows a message to its own organisation alone', async () => {
    const [acme, globex] = [
      await installation.client('egress.*', 'acme'),
      await installation.client('egress.*', 'globex'),
    ];
    const { message } = await acme.send(request(`own-${Date.now()}`));
    const messageId = message?.messageId ?? '';

    expect((await acme.get({ messageId })).message?.messageId).toBe(messageId);
    await expect(globex.get({ messageId })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(globex.send(request(`other-${Date.now()}`))).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.number-not-connected',
    });
    acme.close();
    globex.close();
  });

  it('TX-1 says whether a message may go', async () => {
    const client = await installation.client();
    const content = { kind: { $case: 'text', value: { body: 'hello' } } } as const;
    const lastInbound = { whatsappMessageId: 'w', sentAt: new Date(), freeEntryUntil: undefined };

    expect(await client.check({ phoneNumberId: installation.number, content, lastInbound })).toMatchObject({
      allowed: true,
    });
    expect(await client.check({ phoneNumberId: installation.number, content })).toMatchObject({
      allowed: false,
      code: 'egress.window-closed',
    });
    expect(await client.check({ phoneNumberId: '1', content, lastInbound })).toMatchObject({
      allowed: false,
      code: 'egress.number-not-connected',
    });
    client.close();
  });
});
