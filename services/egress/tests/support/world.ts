import { type AggregateWrite, createAggregates, createMemoryStore, type EncodedEvent } from '@switchboard/aggregates';
import { MessageEvent } from '@switchboard/contracts/egress/v1/events';
import {
  ChangeReceived,
  MessageReceived,
  type StatusReceived,
  StatusReceived as StatusCodec,
} from '@switchboard/contracts/ingress/v1/events';
import { Author, type ThreadEvent, ThreadEvent as ThreadCodec } from '@switchboard/contracts/routing/v1/events';
import {
  egressMessages,
  egressWake,
  routingThreads,
  sourceCode,
  templateTemplates,
  timerCommands,
  type Topic,
  whatsappChanges,
  whatsappMessages,
  whatsappStatuses,
} from '@switchboard/contracts/topics';
import { TemplateState } from '@switchboard/contracts/template/v1/events';
import { type Template } from '@switchboard/contracts/template/v1/template';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { type TimerFired } from '@switchboard/contracts/timer/v1/events';
import { rulingOf } from '@switchboard/graph-api';
import { type Chunk, malformedCursor, type SubscribeOptions, type TailEvent } from '@switchboard/kafka';
import { createTestClock } from '@switchboard/testing';
import { messageAggregate } from '../../src/adapters/kafka/message-aggregate.js';
import { sha256 } from '../../src/adapters/node/machine.js';
import { type NumberView } from '../../src/domain/gate.js';
import { type Message } from '../../src/domain/message.js';
import { createEngine, type Engine, type Ports } from '../../src/engine.js';
import { type Watched, watchedOf } from '../../src/entrypoints/grpc/watch.js';
import { createNumberLog, egressTimers } from '../../src/entrypoints/kafka/number-log.js';
import { type Allowance } from '../../src/use-cases/pace-ports.js';
import { type Allowed } from '../../src/use-cases/dispatch/pacing.js';
import { type TellRead } from '../../src/use-cases/mark-read.js';
import { type Money } from '../../src/use-cases/money/ports.js';
import { type TemplateDirectory } from '../../src/use-cases/template-ports.js';
import { type CallResult, type MetaCall, type ResolvedRecipient } from '../../src/use-cases/ports.js';
import { createFileDesk } from './file-desk.js';
import { memoryPreferences, memoryTemplates } from './gate-twins.js';
import { memoryPaces, memoryReach } from './pace-twins.js';
import { memoryLeases, memoryLists, memoryQueue, memoryWamids, memoryWindows } from './twins.js';

export const NUMBER = '555';
export const PARTITION = 3;
export const CALL_TIMEOUT_MS = 15_000;

/** What Meta does with a call; the answer may be held back by the test. */
export type Meta = (call: MetaCall) => Promise<CallResult>;

/** What a test may change. */
interface Levers {
  meta: Meta;
  /** Between a write and its acknowledgement. */
  written: (writes: readonly AggregateWrite[]) => Promise<void>;
  tokenOf: (number: string) => Promise<string>;
  tellRead: TellRead;
  /** Numbers that are held, as the operator reads them. */
  held: { readonly slow: number; readonly stopped: number };
  /** Rates, waits and reach, as the operator reads them. */
  shown: {
    readonly called: Record<'interactive' | 'bulk', number>;
    rates: { readonly allowed: number; readonly used: number };
    readonly waited: Record<'throughput' | 'slow' | 'stopped', number>;
    readonly reached: Record<string, { readonly people: number; readonly limit: number }>;
  };
  /** The template service, as processes see it that start from now on. */
  directory: TemplateDirectory | undefined;
  /** Billing, as processes see it that start from now on. */
  money: Money;
  /** Which portfolio a number belongs to; none, and nothing is counted. */
  portfolios: Map<string, string>;
  /** What Meta says of a number. */
  allowanceOf: (number: string) => Promise<Allowance>;
  /** How fast numbers may be, as processes see it that start from now on. */
  allowed: Allowed;
}

/** No test waits for a pace that it is not about. */
const unhurried: Allowed = {
  throughputs: { standard: Infinity, high: Infinity, coexistence: Infinity },
  pair: { everyMs: 6_000, burst: 45 },
  messagingLimit: 250,
};

/** The world of egress in memory: one store, one log, one clock, and processes that come and go. */
export function createWorld(beginsAt?: Date) {
  const clock = createTestClock(beginsAt);
  const store = createMemoryStore();
  const wamids = memoryWamids();
  const windows = memoryWindows();
  const preferences = memoryPreferences(clock.now, (number) => world.portfolios.get(number));
  const templates = memoryTemplates();
  const desk = createFileDesk();
  const paces = memoryPaces();
  const reach = memoryReach(clock.now);
  const openLeases = memoryLeases(clock.now);
  const numbers = new Map<string, NumberView>([
    [NUMBER, { organisation: 'acme', version: 1, sending: 'allowed', waba: 'w' }],
  ]);
  const resolved = new Map<string, ResolvedRecipient>();
  const published: EncodedEvent[] = [];
  const kept: string[] = [];
  const warnings: string[] = [];
  const calls: MetaCall[] = [];
  const world: Levers = {
    meta: accepts(),
    written: () => Promise.resolve(),
    tokenOf: () => Promise.resolve('token'),
    tellRead: () => Promise.resolve(),
    held: { slow: 0, stopped: 0 },
    shown: {
      called: { interactive: 0, bulk: 0 },
      rates: { allowed: 0, used: 0 },
      waited: { throughput: 0, slow: 0, stopped: 0 },
      reached: {},
    },
    directory: undefined,
    money: undefined,
    portfolios: new Map(),
    allowanceOf: () => Promise.resolve({ level: undefined, messagingLimit: undefined }),
    allowed: unhurried,
  };
  let [offsets, processes, wamidCount, order] = [0, 0, 0, 0];

  function accepts(): Meta {
    return () => Promise.resolve({ kind: 'accepted', whatsappMessageId: `wamid.${(wamidCount += 1)}` });
  }

  async function acknowledged(writes: readonly AggregateWrite[]) {
    const outcome = await store.write(writes);
    await world.written(writes);
    return outcome;
  }

  function start() {
    const owner = `process-${(processes += 1)}`;
    const dead = { is: false };
    const stalled = { is: false };
    const forever = new Promise<never>(() => undefined);
    /** A process that was killed does nothing any more. */
    const alive =
      <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
      (...args: A): Promise<R> =>
        dead.is ? forever : work(...args).then((result) => (dead.is ? forever : result));
    const messages = createAggregates({
      definition: messageAggregate,
      store: { ...store, find: alive(store.find), write: alive(acknowledged) },
      publish: alive((events) => {
        published.push(...events);
        return Promise.resolve();
      }),
      project: async (written) => {
        await Promise.all([engine.claimLearnt(written), engine.noteStops(written)]);
      },
      clock: { now: () => clock.now().getTime(), after: clock.after },
      random: () => 0.5,
    });
    const leases = openLeases(owner, CALL_TIMEOUT_MS);
    const ports: Ports = {
      messages,
      numbers: { view: (number) => numbers.get(number) },
      windows,
      queue: memoryQueue(store),
      lists: memoryLists(store),
      leases: {
        take: alive(leases.take),
        renew: alive((of) => (stalled.is ? forever : leases.renew(of))),
        release: alive(leases.release),
      },
      wamids: { ...wamids, claim: alive(wamids.claim), settle: alive(wamids.settle) },
      cloudApi: {
        send: alive((call) => {
          calls.push(call);
          return world.meta(call);
        }),
      },
      tokens: { of: (number) => world.tokenOf(number), forget: () => undefined },
      recipients: {
        resolve: (_number, { phone, userId }) => Promise.resolve(resolved.get(phone || userId) ?? stranger(phone)),
      },
      clock: { now: clock.now, monotonicMs: () => clock.now().getTime(), after: clock.after },
      preferences,
      templates,
      paces,
      reach,
      places: {
        portfolioOf: (number) => world.portfolios.get(number),
        find: (waba, displayPhone) => {
          const number = [...numbers].find(([id, view]) => view.waba === waba && displayPhone.endsWith(id))?.[0];
          return { number, portfolio: world.portfolios.get(number ?? NUMBER) };
        },
      },
      metaMedia: desk.metaMedia,
      tellRead: (receipt, token) => world.tellRead(receipt, token),
      metaNumbers: { allowanceOf: (number) => world.allowanceOf(number) },
      directory: world.directory,
      money: world.money,
      hash: sha256,
      newId: () => `${owner}-${(processes += 1)}`,
      nextOrder: () => (order += 1),
      partitionOf: () => PARTITION,
      observer: {
        dispatched: () => undefined,
        inFlight: () => undefined,
        leases: () => undefined,
        numbersHeld: (slow, stopped) => void (world.held = { slow, stopped }),
        called: (of) => void (world.shown.called[of] += 1),
        rates: (allowed, used) => void (world.shown.rates = { allowed, used }),
        waited: (waitsFor, seconds) => void (world.shown.waited[waitsFor] += seconds),
        reached: (portfolio, people, limit) => void (world.shown.reached[portfolio] = { people, limit }),
        refused: () => undefined,
        held: () => undefined,
        statuses: () => undefined,
        fired: () => undefined,
        resolved: () => undefined,
        warn: (facts, message) => void warnings.push(`${message} ${JSON.stringify(facts)}`),
      },
    };
    const engine: Engine = createEngine(ports, {
      callTimeoutMs: CALL_TIMEOUT_MS,
      drainMs: 1_000,
      usMarketing: 'paused',
      allowed: world.allowed,
    });
    const handle = createNumberLog({
      ...engine,
      ...engine.dispatcher,
      expectInbound: () => Promise.resolve(),
      keep: (_chunk, _record, reason) => {
        kept.push(reason);
        return Promise.resolve();
      },
    });
    const signal = new AbortController().signal;
    const hear = async (chunk: Chunk): Promise<void> => {
      const { done } = await handle(chunk, { signal });
      await done;
    };
    return {
      engine,
      own: () => {
        messages.assigned(PARTITION, new Map());
        engine.dispatcher.start();
        engine.dispatcher.assigned(PARTITION);
      },
      revoke: () => engine.dispatcher.revoked(PARTITION),
      /** It renews no lease any more, as a process that is paused. */
      stall: () => {
        stalled.is = true;
      },
      kill: () => {
        dead.is = true;
      },
      hear,
      hearThreads: (...events: ThreadEvent[]) =>
        hear(
          chunk(
            routingThreads,
            events.map((event) => ThreadCodec.encode(event).finish()),
          ),
        ),
      hearThreadsIn: (traceparent: string, ...events: ThreadEvent[]) =>
        hear(
          chunk(
            routingThreads,
            events.map((event) => ThreadCodec.encode(event).finish()),
            { traceparent },
          ),
        ),
      hearStatuses: (...statuses: Partial<StatusReceived>[]) =>
        hear(
          chunk(
            whatsappStatuses,
            statuses.map((each) => StatusCodec.encode(status(each)).finish()),
          ),
        ),
      hearMessages: (...messages: MessageReceived[]) =>
        hear(
          chunk(
            whatsappMessages,
            messages.map((message) => MessageReceived.encode(message).finish()),
          ),
        ),
      hearChanges: (...changes: ChangeReceived[]) =>
        hear(
          chunk(
            whatsappChanges,
            changes.map((change) => ChangeReceived.encode(change).finish()),
          ),
        ),
      hearTemplates: (...templates: Template[]) =>
        hear(
          chunk(
            templateTemplates,
            templates.map((template) =>
              templateTemplates.encode({ ...TemplateState.decode(new Uint8Array()), template }),
            ),
          ),
        ),
      /** Timers whose time has come, as timer says it. */
      hearTimers: (due = dueTimers()) => hear(chunk(egressTimers, due.map(egressTimers.encode))),
      hearWake: () => hear(chunk(egressWake, [egressWake.encode({ phoneNumberId: NUMBER })])),
    };
  }

  function dueTimers(): TimerFired[] {
    const commands = published.filter(({ topic }) => topic === timerCommands.name);
    const last = new Map(commands.map(({ key, value }) => [key, timerCommands.decode(value)]));
    return [...last.values()].flatMap(({ owner, timerKey, version, command }) => {
      if (command?.$case !== 'arm' || !command.value.dueAt || command.value.dueAt > clock.now()) return [];
      return [{ owner, timerKey, version, dueAt: command.value.dueAt, payload: command.value.payload }];
    });
  }

  function chunk(
    topic: Pick<Topic<unknown>, 'name' | 'code' | 'generation'>,
    values: Uint8Array[],
    headers = {},
  ): Chunk {
    const records = values.map((value) => ({
      offset: (offsets += 1),
      key: NUMBER,
      value,
      headers,
      timestamp: clock.now().getTime(),
    }));
    return { topic: topic.name, code: sourceCode(topic), partition: PARTITION, records };
  }

  const status = (of: Partial<StatusReceived>): StatusReceived => ({
    ...StatusCodec.decode(new Uint8Array()),
    phoneNumberId: NUMBER,
    occurredAt: clock.now(),
    ...of,
  });

  /** The end of egress.messages in memory; a cursor is how many events there were. */
  async function* subscribe({ from, filter }: SubscribeOptions<Watched>): AsyncGenerator<TailEvent<Watched>> {
    if (from === 'old') yield { kind: 'reset', cursor: '0' };
    else if (from !== 'latest' && !/^\d+$/.test(from)) throw malformedCursor();
    for (let at = from === 'latest' ? published.length : Number(from) || 0; at < published.length; at += 1) {
      const event = published[at];
      if (event?.topic !== egressMessages.name) continue;
      const item = watchedOf(event);
      if (item && filter?.(item) !== false) yield await Promise.resolve({ kind: 'item', item, cursor: String(at + 1) });
    }
    yield { kind: 'idle', cursor: String(published.length) };
  }

  return Object.assign(world, {
    clock,
    subscribe,
    dueTimers,
    start,
    accepts,
    chunk,
    numbers,
    resolved,
    windows,
    preferences,
    templates,
    desk,
    paces,
    reach,
    wamids,
    calls,
    published,
    kept,
    warnings,
    store,
    /** What was said on egress.messages, once per event id. */
    said: (): MessageEvent[] => {
      const own = published.filter(({ topic }) => topic === egressMessages.name);
      return [...new Map(own.map((event) => [event.id, MessageEvent.decode(event.value)])).values()];
    },
    message: (messageId: string): Message => store.documents.get(messageId)?.state as unknown as Message,
    texts: (): string[] => calls.map(textOf),
    /** Lets everything that needs no time happen. */
    settled: async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  });
}

export type World = ReturnType<typeof createWorld>;

export const messageId = (sequence: number, customer = 'anna'): string => `${NUMBER}.1.${customer}:${sequence}`;

/** A reply that routing has queued, a minute after the customer wrote. */
export function replyQueued(
  at: Date,
  sequence: number,
  customer = 'anna',
  text = `${customer} ${sequence}`,
  content: Content = { kind: { $case: 'text', value: { body: text } } },
): ThreadEvent {
  const wroteAt = new Date(at.getTime() - 60_000);
  return thread(at, sequence, customer, {
    $case: 'replyQueued',
    value: {
      messageId: messageId(sequence, customer),
      author: Author.AUTHOR_OPERATOR,
      authorId: 'olivia',
      content,
      replyToWhatsappMessageId: '',
      recipient: { phone: '12025550188' },
      lastInbound: { whatsappMessageId: 'wamid.in', sentAt: wroteAt, freeEntryUntil: undefined },
      idempotencyKey: `key-${sequence}`,
    },
  });
}

export function customerWrote(
  at: Date,
  sequence: number,
  customer = 'anna',
  more: { imported?: boolean } = {},
): ThreadEvent {
  return thread(at, sequence, customer, {
    $case: 'messageAppended',
    value: {
      whatsappMessageId: `wamid.in.${sequence}`,
      author: Author.AUTHOR_CUSTOMER,
      content: undefined,
      blocked: false,
      context: undefined,
      customer: undefined,
      sentAt: at,
      receivedAt: at,
      imported: false,
      unread: 1,
      raw: Buffer.alloc(0),
      groupId: '',
      messageId: '',
      ...more,
    },
  });
}

const thread = (at: Date, sequence: number, customer: string, event: ThreadEvent['event']): ThreadEvent => ({
  threadId: `${NUMBER}.1.${customer}`,
  sequence: BigInt(sequence),
  phoneNumberId: NUMBER,
  organisationId: 'acme',
  brandId: 'brand',
  departmentId: 'sales',
  customerId: customer,
  chatId: `${NUMBER}.1.${customer}:1`,
  occurredAt: at,
  botId: '',
  event,
});

const stranger = (phone: string): ResolvedRecipient => ({
  customer: `c-${phone}`,
  thread: `${NUMBER}.1.c-${phone}`,
  chat: '',
  address: { phone },
  lastInboundAt: undefined,
});

/** Meta refuses a call with this code. */
export const refusal = (code: number, more: { retryAfterMs?: number } = {}): CallResult => ({
  kind: 'refused',
  error: { code, title: `title ${code}`, message: '', details: `details ${code}`, href: '' },
  ...rulingOf(code),
  ...more,
});

/** An answer that the test gives when it wants to. */
export function heldBack<T>(): { readonly promise: Promise<T>; readonly give: (value: T) => void } {
  let give: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}

/** The words of a call; empty for what is no text. */
export const textOf = ({ content }: Pick<MetaCall, 'content'>): string => (content.kind === 'text' ? content.text : '');
