import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ChatState, ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { routingThreads, sourceCode } from '@switchboard/contracts/topics';
import { connectKafka, createConsumer, createProducer, type OutgoingRecord } from '@switchboard/kafka';
import { clientsOf, createDemo, demo, demoToken, startStack } from '@switchboard/stack';
import { eventually } from '@switchboard/testing';
import { type Figure, percentile } from '../harness.ts';
import { recordsOf } from '../ingress/events.ts';
import { lay, until } from '../routing/runner.ts';
import { webhookBody } from '../webhooks.ts';

const CHATS = Number(process.env['BENCH_CHATS'] ?? 100_000);
/** Chats are opened part by part, each on numbers of its own brand, and each part closes that much later than the next. */
const PARTS = [0, 1, 2, 3, 4, 5];
const NUMBERS_EACH = 4;
/** Missed ones close after this and more; the clocks are moved so that they need not be waited for. */
const MISSED_CLOSE_S = 15 * 60;
/** Two cores that carry all services, both servers and the load open no more without falling behind. */
const PER_SECOND = 300;
const PART_S = Math.round(CHATS / PARTS.length / PER_SECOND);
const AFTER_THE_PEAK = 0.1;
/** Timers are read a minute ahead, and a jump of the clock brings that minute's at once: time to read them, as they have otherwise. */
const LEAD_MS = 30_000;

/**
 * So many chats, opened at a steady pace in six brands one after the other and missed after a second, fall due for closing in
 * the time a sixth of them took, 100,000 within a minute: how late each is closed, by the time it was told against the time
 * it was due. All services, both servers and the load share this machine.
 */
export async function chatFigures(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const say = (line: string) => process.stderr.write(`  ${line}\n`);
  const root = resolve(import.meta.dirname, '../..');
  const stack = await startStack({ root, directory, own: true, say, env: { LOG_LEVEL: 'warn' } });
  try {
    const clients = clientsOf(stack, await demoToken(stack));
    await createDemo(clients);
    const { organisationId, wabaId } = demo;
    const parts = await Promise.all(
      PARTS.map(async (part) => {
        const [brandId, departmentId] = [`bench-${part}`, `bench-${part}-desk`];
        await clients.accounts.createBrand({ organisationId, brandId, name: `Bench ${part}` });
        await clients.accounts.createDepartment({ brandId, departmentId, name: 'Desk' });
        const numbers = Array.from({ length: NUMBERS_EACH }, (_, index) => `34128009560${part}0${index}`);
        for (const phoneNumberId of numbers) {
          const about = { wabaId, portfolioId: '1', displayPhoneNumber: '+1', verifiedName: 'Bench', metaToken: 't' };
          await clients.accounts.registerNumber({ phoneNumberId, ...about });
          await clients.accounts.connectNumber({ phoneNumberId, brandId, departmentId });
        }
        const missedClose = `PT${MISSED_CLOSE_S + (PARTS.length - 1 - part) * PART_S}S`;
        await eventually(async () => {
          const { settings } = await clients.settings.getSettings({ brandId });
          if (!settings?.flow) throw new Error('no settings yet');
          const flow = { ...settings.flow, waitingTime: 'PT1S', missedClose };
          await clients.settings.updateSettings({ brandId, expectedVersion: settings.version, flow });
        });
        return numbers;
      }),
    );

    // Routing looks settings up once a second: a chat that begins within it would never be missed.
    await new Promise((resume) => setTimeout(resume, 2_000));

    const kafka = connectKafka({ brokers: stack.infrastructure.brokers, clientId: 'bench' });
    const producer = createProducer(kafka, { patience: 'retry' });
    const due = new Map<string, number>();
    const closed = new Map<string, number>();
    const counted = { opened: 0, missed: 0 };
    const source = { topic: routingThreads.name, code: sourceCode(routingThreads) };
    const consumer = createConsumer(kafka, {
      group: 'bench',
      instance: 'bench-0',
      topics: [source],
      handle: ({ records }) => {
        for (const { value } of records) {
          if (!value) continue;
          const { event, chatId, occurredAt } = ThreadEvent.decode(value);
          if (event?.$case === 'chatOpened') counted.opened += 1;
          if (event?.$case === 'chatMissed') due.set(chatId, event.value.closesAt?.getTime() ?? NaN);
          if (event?.$case === 'chatCompleted') closed.set(chatId, occurredAt?.getTime() ?? NaN);
        }
        return Promise.resolve({ done: Promise.resolve() });
      },
    });
    await Promise.all([producer.start(), consumer.start()]);
    try {
      const began = performance.now();
      for (let sent = 0; sent < CHATS;) {
        const wanted = Math.min(CHATS, Math.ceil(((performance.now() - began) / 1_000) * PER_SECOND));
        await lay(producer, records(parts, sent, wanted));
        sent = wanted;
        await new Promise((resume) => setTimeout(resume, 50));
      }
      await until(() => Promise.resolve(due.size >= CHATS), LONGEST_MS);
      const opening = (performance.now() - began) / 1_000;
      say(`${CHATS} chats opened and missed in ${opening.toFixed(0)} s`);
      const firstDue = [...due.values()].reduce((a, b) => Math.min(a, b), Infinity);
      await stack.advance(Math.max(0, firstDue - Date.now() - LEAD_MS));
      await until(() => Promise.resolve(closed.size >= CHATS), LONGEST_MS);
      // Rows of lists are written beside the log.
      const open = await eventually(async () => {
        const states = [ChatState.CHAT_STATE_MISSED, ChatState.CHAT_STATE_WAITING];
        const { chats } = await clients.chats.listChats({ organisationId: demo.organisationId, states });
        if (chats.length > 0) throw new Error(`${chats.length} chats are open still`);
        return chats.length;
      });
      return figuresOf(due, closed, open);
    } finally {
      await Promise.all([producer.stop(), consumer.stop()]);
      clients.close();
    }
  } finally {
    await stack.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const LONGEST_MS = 1_200_000;

function records(parts: readonly (readonly string[])[], from: number, to: number): OutgoingRecord[] {
  return Array.from({ length: to - from }, (_, index) => {
    const nth = from + index;
    const numbers = parts[Math.floor((nth * parts.length) / CHATS)] ?? [];
    const phone = String(12_025_000_000 + nth);
    const sent = { number: numbers[nth % numbers.length] ?? '', phone, wamid: `wamid.LIFE${nth}`, at: new Date() };
    const body = Buffer.from(webhookBody(sent));
    return recordsOf(body, JSON.parse(body.toString()));
  }).flat();
}

function figuresOf(due: ReadonlyMap<string, number>, closed: ReadonlyMap<string, number>, open: number): Figure[] {
  const late = [...closed].map(([chatId, at]) => ({
    dueAt: due.get(chatId) ?? NaN,
    ms: at - (due.get(chatId) ?? NaN),
  }));
  late.sort((a, b) => a.dueAt - b.dueAt);
  const tail = late.slice(Math.floor(late.length * (1 - AFTER_THE_PEAK))).map(({ ms }) => ms);
  const all = late.map(({ ms }) => ms);
  const cost = { unit: 'ms', isCost: true } as const;
  const seconds = (times: readonly number[]): string =>
    ((Math.max(times.at(-1) ?? 0, 0) - (times[0] ?? 0)) / 1_000).toFixed(0);
  const closings = [...closed.values()].sort((a, b) => a - b);
  const detail = `${closed.size} chats, due within ${seconds(late.map(({ dueAt }) => dueAt))} s, closed in ${seconds(closings)} s`;
  return [
    {
      id: 'C1',
      what: 'chats due: closed early, or not closed',
      value: all.filter((ms) => ms < 0).length + open,
      unit: '',
      isCost: true,
      floor: 0,
      goal: 0,
      detail,
    },
    { id: 'C1', what: 'chats due: late, p50', value: percentile(all, 50), ...cost, floor: 3_000, goal: 1_000 },
    { id: 'C1', what: 'chats due: late, p99', value: percentile(all, 99), ...cost, floor: 3_000, goal: 1_000 },
    {
      id: 'C1',
      what: 'chats due: late, p99 of the last tenth',
      value: percentile(tail, 99),
      ...cost,
      floor: 3_000,
      goal: 1_000,
    },
  ];
}
