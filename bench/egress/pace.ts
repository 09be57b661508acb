import { join } from 'node:path';
import { MessageClass, MessageServiceService, OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { ChangeReceived } from '@switchboard/contracts/ingress/v1/events';
import { topics, whatsappChanges } from '@switchboard/contracts/topics';
import { grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, createProducer, ensureTopics, eventRecord, topicSpec } from '@switchboard/kafka';
import { jwtSecret } from '@switchboard/testing';
import { type Figure, percentile, startSubject } from '../harness.ts';
import { PARTITIONS, withInfrastructure } from '../infrastructure.ts';
import { lay, until } from '../routing/runner.ts';
import { numbers, numberStates } from '../routing/world.ts';
import { createLimitedMeta } from './limited-meta.ts';
import { startNeighbours } from './neighbours.ts';

/** A shorter run says what it leaves out. */
const BACKLOG = Number(process.env['E1_BACKLOG'] ?? 20_000);
const SECONDS = Number(process.env['E1_SECONDS'] ?? 120);
const HALF_SECONDS = Number(process.env['E1_HALF_SECONDS'] ?? 30);
const HIGH_SECONDS = Number(process.env['E1_HIGH_SECONDS'] ?? 10);

const [STANDARD, HIGH] = [80, 1_000];
const BATCH = 500;
/** An owner looks every five seconds for what was learnt of its numbers. */
const LEARN_MS = 6_000;
const INTERACTIVE_EVERY_MS = 250;

/** E1: one number at its limit with a backlog, half of it alone, and after an upgrade. */
export const paceFigures = (): Promise<Figure[]> =>
  withInfrastructure(async ({ brokers, mongoUrl }) => {
    const [busy = '', half = '', high = ''] = numbers;
    const meta = createLimitedMeta(new Map([busy, half, high].map((number) => [number, STANDARD])));
    const { arrivals } = meta;
    const kafka = connectKafka({ brokers: [...brokers], clientId: 'bench' });
    await ensureTopics(
      kafka,
      topics.map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
    );
    const producer = createProducer(kafka, { patience: 'retry' });
    await producer.start();
    await lay(producer, numberStates());
    const neighbours = await startNeighbours(meta.answer);
    const script = join(import.meta.dirname, 'service.ts');
    const args = [brokers.join(','), mongoUrl, 'bench-pace', neighbours.meta, neighbours.services];
    const subject = await startSubject(script, args);
    const token = await signToken(jwtSecret, { subject: 'bench', scope: 'egress.messages:write', ttlSeconds: 3_600 });
    const client = grpcClient(MessageServiceService, `127.0.0.1:${String(subject.hello['grpc'])}`, { token });
    let people = 0;

    const message = (of: MessageClass): OutboundMessage => {
      const phone = String(12_025_000_000 + (people += 1));
      return {
        ...OutboundMessage.decode(new Uint8Array()),
        idempotencyKey: phone,
        recipient: { phone, userId: '' },
        content: { kind: { $case: 'text', value: { body: 'Your order is on its way.' } } },
        class: of,
      };
    };

    /** The time from accept until it was on the wire. */
    async function send(phoneNumberId: string): Promise<() => number> {
      const asked = message(MessageClass.MESSAGE_CLASS_INTERACTIVE);
      const { message: accepted } = await client.send({ phoneNumberId, message: asked });
      const began = accepted?.acceptedAt?.getTime() ?? NaN;
      const phone = asked.recipient?.phone;
      return () => (arrivals.find((each) => each.phone === phone && each.isTaken)?.at ?? Infinity) - began;
    }

    /** As many interactive messages as fit into the time, evenly; how long each was on its way. */
    async function sendEvenly(number: string, everyMs: number, ms: number): Promise<number[]> {
      const sent: Promise<() => number>[] = [];
      const began = performance.now();
      for (let next = began; next < began + ms; next += everyMs) {
        await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
        sent.push(send(number));
      }
      const delays = await Promise.all(sent);
      await until(() => Promise.resolve(delays.every((delay) => delay() < Infinity)));
      return delays.map((delay) => delay());
    }

    async function sendBulk(phoneNumberId: string, count: number): Promise<void> {
      for (let left = count; left > 0; left -= BATCH) {
        const messages = Array.from({ length: Math.min(BATCH, left) }, () => message(MessageClass.MESSAGE_CLASS_BULK));
        await client.sendBatch({ phoneNumberId, messages });
      }
    }

    /** What of the allowed rate a number used from then on, and how often it was refused. */
    function used(number: string, from: number, seconds: number, perSecond: number) {
      const all = arrivals.filter(
        (each) => each.number === number && each.at >= from && each.at < from + seconds * 1_000,
      );
      const refused = all.filter(({ isTaken }) => !isTaken).length;
      return { share: (all.length - refused) / (perSecond * seconds), per10000: (refused / all.length) * 10_000 };
    }

    const clockMs = () => performance.timeOrigin + performance.now();
    const said = (line: string) => process.stderr.write(`  ${line}\n`);
    try {
      await sendBulk(busy, BACKLOG);
      said(`${BACKLOG} bulk messages accepted`);
      const from = clockMs();
      const whileBusy = await sendEvenly(busy, INTERACTIVE_EVERY_MS, SECONDS * 1_000);
      const busily = used(busy, from, SECONDS, STANDARD);
      said(`at the limit: ${JSON.stringify(busily)}`);

      const halfBusy = await sendEvenly(half, 2_000 / STANDARD, HALF_SECONDS * 1_000);
      said(`half the limit: p50 ${percentile(halfBusy, 50).toFixed(1)} p99 ${percentile(halfBusy, 99).toFixed(1)}`);

      await sendBulk(high, HIGH * (HIGH_SECONDS + 1) + (STANDARD * LEARN_MS) / 1_000);
      meta.allow(high, HIGH);
      await producer.send([upgraded(high)]);
      await new Promise((resolve) => setTimeout(resolve, LEARN_MS));
      const upgradedAt = clockMs();
      await new Promise((resolve) => setTimeout(resolve, HIGH_SECONDS * 1_000));
      const highly = used(high, upgradedAt, HIGH_SECONDS, HIGH);
      said(`after the upgrade: ${JSON.stringify(highly)}`);

      const detail = `${STANDARD}/s, ${BACKLOG} waiting, ${SECONDS} s`;
      const p50 = (values: readonly number[]) => `p50 ${percentile(values, 50).toFixed(0)} ms`;
      return [
        {
          ...e1,
          what: 'share of the allowed rate used',
          value: busily.share,
          unit: '',
          floor: 0.95,
          goal: 0.99,
          detail,
        },
        { ...e1, what: '429s per 10,000', value: busily.per10000, unit: '', floor: 5, goal: 0, isCost: true, detail },
        {
          ...e1,
          what: 'accept → on the wire while bulk is at the limit: p99, interactive',
          value: percentile(whileBusy, 99),
          unit: 'ms',
          floor: 1_000,
          goal: 250,
          isCost: true,
          detail: p50(whileBusy),
        },
        {
          ...e1,
          what: 'accept → on the wire at half the limit: p99',
          value: percentile(halfBusy, 99),
          unit: 'ms',
          floor: 250,
          goal: 100,
          isCost: true,
          detail: p50(halfBusy),
        },
        {
          ...e1,
          what: 'share of the allowed rate used after an upgrade',
          value: highly.share,
          unit: '',
          floor: 0.5,
          goal: 0.95,
          detail: `${HIGH}/s on one core, ${highly.per10000.toFixed(1)} 429s per 10,000`,
        },
      ];
    } finally {
      client.close();
      await subject.stop();
      await neighbours.stop();
      await producer.stop();
    }
  });

const e1 = { id: 'E1' } as const;

const upgraded = (number: string) =>
  eventRecord(
    whatsappChanges,
    {
      ...ChangeReceived.decode(new Uint8Array()),
      eventId: `${number}-upgrade`,
      wabaId: '215589313241560',
      phoneNumberId: number,
      event: 'THROUGHPUT_UPGRADE',
      occurredAt: new Date(),
    },
    { key: '215589313241560', id: `${number}-upgrade`, time: new Date() },
  );
