import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { eventually, type ServiceProcess } from '@switchboard/testing';
import { type Installation, startInstallation } from './support/installation.js';
import { replyQueued } from './support/world.js';

/** Owners that are killed under load: each message reaches Meta once, or is unknown and is not sent again. */

jest.setTimeout(240_000);

const CUSTOMERS = 10;
const REPLIES_EACH = 12;
const KILLS = 3;
const SETTLED = [
  MessageState.MESSAGE_STATE_READ,
  MessageState.MESSAGE_STATE_DELIVERED,
  MessageState.MESSAGE_STATE_SENT,
];

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation('kills', { graphTimeoutMs: 1_000 });
}, 120_000);
afterAll(() => installation.stop(), 60_000);

it('TX-4 owners that are killed under load lose no message, send none twice, and keep the order of each customer', async () => {
  const { number, simulator } = installation;
  // Slow enough that kills meet calls under way.
  simulator.control.setFaults({ answer_delay_ms: [100, 400] }, number);
  let owners: ServiceProcess[] = [await installation.startProcess()];
  const sequenceOf = new Map<string, number>();
  const ids: string[] = [];

  for (let kill = 0; kill <= KILLS; kill += 1) {
    for (let count = 0; count < REPLIES_EACH / 4; count += 1) await queueOneEach();
    if (kill === KILLS) break;
    await eventually(() => {
      expect(messagesAtMeta().length).toBeGreaterThan(kill * CUSTOMERS * 2);
    });
    const [victim] = owners;
    await victim?.kill();
    owners = [await installation.startProcess()];
  }

  await eventually(
    () => {
      expect(ids.filter((messageId) => !isOver(messageId))).toEqual([]);
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  expect(simulator.control.messages({ phone_number_id: number, limit: 100_000 }).duplicates).toEqual([]);
  const timesSent = new Map<string, number>();
  for (const messageId of messagesAtMeta()) timesSent.set(messageId, (timesSent.get(messageId) ?? 0) + 1);
  expect([...timesSent].filter(([, times]) => times > 1)).toEqual([]);
  // What is not at Meta is unknown, with a reason; a call that was cut before Meta had it looks like one cut after.
  const missing = ids.filter((messageId) => !timesSent.has(messageId));
  for (const messageId of missing) expect(lastState(messageId)).toBe(MessageState.MESSAGE_STATE_UNKNOWN);
  for (const customer of sequenceOf.keys()) {
    const sequences = messagesAtMeta()
      .filter((messageId) => messageId.includes(`.${customer}:`))
      .map((messageId) => Number(messageId.split(':')[1]));
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  }

  async function queueOneEach(): Promise<void> {
    const events = Array.from({ length: CUSTOMERS }, (_, index) => {
      const customer = `kill${index}`;
      const phone = `1202555000${index}`;
      const sequence = (sequenceOf.get(customer) ?? 0) + 1;
      if (sequence === 1) simulator.control.write(phone, { text: 'hi', phone_number_id: number });
      sequenceOf.set(customer, sequence);
      const event = replyQueued(new Date(), sequence, customer);
      const threadId = `${number}.1.${customer}`;
      const messageId = `${threadId}:${sequence}`;
      if (event.event?.$case === 'replyQueued') Object.assign(event.event.value, { messageId, recipient: { phone } });
      ids.push(messageId);
      return { ...event, threadId, phoneNumberId: number };
    });
    await installation.queue(events);
  }
});

it('TX-5 a second process takes over what the first lets go, at once', async () => {
  const { number, simulator } = installation;
  simulator.control.clearFaults(number);
  const second = await installation.startProcess();
  const leases = installation.connection.collection<{ _id: number; owner: string | null }>('leases');

  await eventually(async () => {
    const owners = new Set((await leases.find().toArray()).map(({ owner }) => owner));
    expect(owners.size).toBe(2);
  });
  await second.stop();

  await eventually(async () => {
    const owners = new Set((await leases.find().toArray()).map(({ owner }) => owner));
    expect([owners.size, owners.has(null)]).toEqual([1, false]);
  });
});

/** Ids of the messages Meta has accepted, in the order it had them. */
const messagesAtMeta = (): string[] =>
  installation.simulator.control
    .messages({ phone_number_id: installation.number, limit: 100_000 })
    .messages.map((message) => (message.biz_opaque_callback_data ?? '').replace(/:\d+$/, ''));

const lastState = (messageId: string): MessageState | undefined => installation.said(messageId).at(-1)?.state;

const isOver = (messageId: string): boolean => {
  const state = lastState(messageId);
  return (
    state !== undefined &&
    (SETTLED.includes(state as (typeof SETTLED)[number]) || state === MessageState.MESSAGE_STATE_UNKNOWN)
  );
};
