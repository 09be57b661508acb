import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { type Message, MessageClass, OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { partitionOf } from '@switchboard/kafka';
import { eventually } from '@switchboard/testing';
import mongoose from 'mongoose';
import { settings } from './support/settings.js';
import { type Counters } from './support/simulator.js';
import { startSystem, type System } from './support/system.js';
import { haveTemplate } from './support/templates.js';
import { type Person } from './support/webhooks.js';

/** Owners of numbers that are killed or leave while messages wait. */

jest.setTimeout(3_600_000);

const PARTITIONS = 12;
const PER_SECOND = 40;
/** What is sent in a burst is paid back for longer than it takes another process to take over. */
const PAIR = { pair: true, pair_seconds: 5, pair_burst: 20 };

let system: System;
let egress: mongoose.Connection;
beforeAll(async () => {
  system = await startSystem({
    instances: { egress: 2 },
    env: {
      THROUGHPUT_STANDARD: String(PER_SECOND),
      PAIR_SECONDS: String(PAIR.pair_seconds),
      PAIR_BURST: String(PAIR.pair_burst),
    },
  });
  const url = new URL(system.infrastructure.mongoUrl);
  url.pathname = '/egress';
  egress = await mongoose.createConnection(url.toString()).asPromise();
}, 300_000);
afterAll(async () => {
  await (egress as mongoose.Connection | undefined)?.close();
  await (system as System | undefined)?.stop();
});

let people = 0;
const someone = (): Person & { waId: string } => ({ waId: `49153${String(7_000_000 + (people += 1))}`, name: 'Sara' });
const template: Content = {
  kind: { $case: 'template', value: { name: 'order_ready', language: 'en', components: [] } },
};
const message = (more: Partial<OutboundMessage>): OutboundMessage => ({
  ...OutboundMessage.decode(new Uint8Array()),
  ...more,
});

/** A number that Meta and egress know, with these limits at Meta. */
async function numberWith(limits: Record<string, unknown>): Promise<string> {
  const number = system.unusedNumber();
  await system.simulator.addNumber(number, system.demo.wabaId);
  await system.connect(number);
  await haveTemplate(system, { wabaId: system.demo.wabaId, name: 'order_ready' });
  await system.simulator.limits(number, limits);
  await eventually(async () => {
    expect((await system.messages.check({ phoneNumberId: number, content: template })).code).toBe('');
  });
  return number;
}

/** The process that may call Meta for a number. */
const ownerOf = (number: string): Promise<string> =>
  eventually(
    async () => {
      const leases = egress.collection<{ _id: number; owner: string | null; until: Date }>('leases');
      const lease = await leases.findOne({ _id: partitionOf(number, PARTITIONS), until: { $gt: new Date() } });
      if (!lease?.owner) throw new Error('nobody has the lease at present');
      return lease.owner.split(':')[0] ?? '';
    },
    { timeoutMs: 120_000, everyMs: 200 },
  );

/** As many bulk messages, each to somebody else; their ids. */
async function sendBulk(phoneNumberId: string, count: number): Promise<string[]> {
  const all = Array.from({ length: count }, (_, index) =>
    message({
      idempotencyKey: `${phoneNumberId}-${index}`,
      recipient: { phone: `+${someone().waId}`, userId: '' },
      content: template,
      class: MessageClass.MESSAGE_CLASS_BULK,
    }),
  );
  const ids: string[] = [];
  for (let from = 0; from < count; from += 500) {
    const request = { phoneNumberId, messages: all.slice(from, from + 500) };
    const { outcomes } = await eventually(() => system.messages.sendBatch(request), { timeoutMs: 60_000 });
    for (const { outcome } of outcomes) {
      if (outcome?.$case !== 'message') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
      ids.push(outcome.value.messageId);
    }
  }
  return ids;
}

/** All messages of a number as egress has them. */
async function listed(phoneNumberId: string): Promise<Message[]> {
  const { organisationId } = system.demo;
  const all: Message[] = [];
  let pageToken = '';
  do {
    const request = { organisationId, phoneNumberId, pageSize: 500, pageToken };
    const page = await eventually(() => system.messages.list(request), { timeoutMs: 60_000 });
    all.push(...page.messages);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return all;
}

const atMeta = async (number: string): Promise<string[]> =>
  (await system.simulator.sentBy(number)).map(({ callbackData }) => callbackData.replace(/:\d+$/, ''));

/** What Meta refused of a number, by code, and what came to it twice. */
async function troubles(number: string): Promise<Pick<Counters, 'doubles' | 'refused'>> {
  const { doubles, refused } = await system.simulator.counters(number);
  return { doubles, refused };
}

const over: readonly MessageState[] = [
  MessageState.MESSAGE_STATE_SENT,
  MessageState.MESSAGE_STATE_DELIVERED,
  MessageState.MESSAGE_STATE_READ,
  MessageState.MESSAGE_STATE_UNKNOWN,
];

describe('TX-4 owners that are killed', () => {
  it(`${settings.sendingKills} times in a backlog of ${settings.sendingBacklog}: each message reaches Meta once or is unknown with a reason`, async () => {
    const numbers = [
      await numberWith({ throughput: true, throughput_per_second: PER_SECOND }),
      await numberWith({ throughput: true, throughput_per_second: PER_SECOND }),
    ];
    // Slow enough that each kill meets calls under way.
    for (const number of numbers) await system.simulator.faults(number, { answer_delay_ms: [100, 400] });
    const each = Math.ceil(settings.sendingBacklog / numbers.length);
    const ids = await Promise.all(numbers.map((number) => sendBulk(number, each)));

    for (let kill = 0; kill < settings.sendingKills; kill += 1) {
      const number = numbers[kill % numbers.length] ?? '';
      await eventually(
        async () => {
          expect((await atMeta(number)).length).toBeGreaterThan((each * kill) / (settings.sendingKills + 1));
        },
        { timeoutMs: 180_000, everyMs: 200 },
      );
      const owner = await ownerOf(number);
      await system.kill(owner);
      await system.start(owner);
    }

    for (const [index, number] of numbers.entries()) {
      const messages = await eventually(
        async () => {
          const all = await listed(number);
          expect(all.filter(({ state }) => !over.includes(state)).length).toBe(0);
          return all;
        },
        { timeoutMs: 600_000, everyMs: 1_000 },
      );
      const sent = await atMeta(number);
      const views = new Map(messages.map((view) => [view.messageId, view]));
      expect(messages.map(({ messageId }) => messageId).toSorted()).toEqual(ids[index]?.toSorted());
      expect(new Set(sent).size).toBe(sent.length);
      // What is not at Meta is unknown: a call that was cut before Meta had it looks like one that was cut after.
      const missing = ids[index]?.filter((messageId) => !sent.includes(messageId)) ?? [];
      for (const messageId of missing)
        expect(views.get(messageId)).toMatchObject({
          state: MessageState.MESSAGE_STATE_UNKNOWN,
          troubleCode: 'egress.unknown',
          troubleReason: expect.stringContaining('nobody knows whether Meta has it (') as string,
        });
    }
    // Of all numbers, after what matters most was looked at of each.
    expect(await Promise.all(numbers.map(troubles))).toEqual(numbers.map(() => ({ doubles: 0, refused: {} })));
  });
});

describe('TX-5 an owner that leaves in a burst to one customer', () => {
  it('has a successor that writes on in order and is not refused as too fast (131056)', async () => {
    const number = await numberWith(PAIR);
    const person = someone();
    await system.simulator.write(person, number, 'Hi');
    await system.simulator.faults(number, { answer_delay_ms: [50, 60] });
    const texts = Array.from({ length: 25 }, (_, index) => `Line ${index}`);
    const recipient = { phone: `+${person.waId}`, userId: '' };
    const messages = texts.map((body, index) => {
      const content: Content = { kind: { $case: 'text', value: { body } } };
      return message({ idempotencyKey: `${number}-${index}`, recipient, content });
    });
    await eventually(async () => {
      const { outcomes } = await system.messages.sendBatch({ phoneNumberId: number, messages });
      expect(outcomes.map(({ outcome }) => outcome?.$case)).toEqual(texts.map(() => 'message'));
    });
    await eventually(
      async () => {
        expect((await system.simulator.sentTo(person)).length).toBeGreaterThan(9);
      },
      { timeoutMs: 120_000, everyMs: 50 },
    );
    const owner = await ownerOf(number);
    await system.stack.supervisor.stop(owner);
    const before = (await system.simulator.sentTo(person)).length;
    expect(before).toBeLessThan(texts.length);

    await eventually(
      async () => {
        expect(await system.simulator.sentTo(person)).toHaveLength(texts.length);
      },
      { timeoutMs: 300_000, everyMs: 500 },
    );

    expect((await system.simulator.sentTo(person)).map(({ text }) => text)).toEqual(texts);
    expect(await troubles(number)).toEqual({ doubles: 0, refused: {} });
    expect(await ownerOf(number)).not.toBe(owner);
    await system.start(owner);
  });
});
