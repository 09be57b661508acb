import { createAggregates, createMemoryStore, type EncodedEvent } from '@switchboard/aggregates';
import { NumberState } from '@switchboard/contracts/account/v1/events';
import { type MessageEvent } from '@switchboard/contracts/egress/v1/events';
import { MessageKind, MessageReceived, Source } from '@switchboard/contracts/ingress/v1/events';
import { ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { type OfferMade, type RoutingCommand } from '@switchboard/contracts/routing/v1/desk_events';
import { CustomerServiceService } from '@switchboard/contracts/routing/v1/customer_service';
import { type CustomersJoined, ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type TimerFired } from '@switchboard/contracts/timer/v1/events';
import {
  accountNumbers,
  egressMessages,
  routingCommands,
  routingJoins,
  routingOffers,
  routingThreads,
  sourceCode,
  type Topic,
  whatsappMessages,
} from '@switchboard/contracts/topics';
import { Failure } from '@switchboard/errors';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { malformedCursor, type TailEvent } from '@switchboard/kafka';
import { createTestClock, jwtSecret } from '@switchboard/testing';
import { readIncoming } from '../../src/adapters/kafka/incoming.js';
import { previewOfContent } from '../../src/preview.js';
import { createTellJoins } from '../../src/adapters/kafka/joins.js';
import { threadAggregate } from '../../src/adapters/kafka/thread-aggregate.js';
import { rowOf } from '../../src/adapters/mongo/projections.js';
import { digest } from '../../src/adapters/node/machine.js';
import { type Bot } from '../../src/domain/chat/bot.js';
import { defaultFlow, type Flow } from '../../src/domain/flow/settings.js';
import { chatServer } from '../../src/entrypoints/grpc/chat-server.js';
import { customerServer } from '../../src/entrypoints/grpc/customer-server.js';
import { createWatch, type Watched, watchedOf } from '../../src/entrypoints/grpc/watch.js';
import { createNumberLog, routingTimers } from '../../src/entrypoints/kafka/number-log.js';
import { createApplyJoins } from '../../src/use-cases/customers/apply-joins.js';
import { createApplyNumbers } from '../../src/use-cases/threads/apply-numbers.js';
import { createApplySettings } from '../../src/use-cases/settings/apply-settings.js';
import { createLookAround } from '../../src/use-cases/threads/around.js';
import { createChatCommands } from '../../src/use-cases/chats/chat-commands.js';
import { createReadChats } from '../../src/use-cases/chats/read-chats.js';
import { createCustomerUseCases } from '../../src/use-cases/customers/customers.js';
import { createNoteProgress } from '../../src/use-cases/threads/note-progress.js';
import { type CheckReply, type Customers, type TellRead } from '../../src/use-cases/ports.js';
import { createGiveBackChats } from '../../src/use-cases/bots/give-back-chats.js';
import { createHandChats } from '../../src/use-cases/chats/hand-chats.js';
import { createMarkChats } from '../../src/use-cases/chats/mark-chats.js';
import { createMarkRead } from '../../src/use-cases/chats/mark-read.js';
import { createOpenThreads } from '../../src/use-cases/threads/open-threads.js';
import { createReceiveMessages } from '../../src/use-cases/threads/receive-messages.js';
import { createResolveCustomers } from '../../src/use-cases/customers/resolve-customers.js';
import { createScan } from '../../src/use-cases/threads/scan-words.js';
import { createSeenChats } from '../../src/use-cases/chats/seen-chats.js';
import { createTellThreads } from '../../src/use-cases/threads/tell-threads.js';
import { createWriteToCustomer } from '../../src/use-cases/chats/write-to-customer.js';
import { createDesk, createTimers } from './neighbours.js';
import { createDesks } from './desk-world.js';
import { acme } from './threads.js';
import { memoryCustomers, memoryMessageStates, memoryNumbers, memoryProjections, memoryThreadIndex } from './twins.js';

export const NUMBER = '341';
const ignore = (): undefined => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

/** The world of routing in memory: its stores, its logs, one clock. */
export function createWorld({ customers = memoryCustomers() }: { customers?: Customers } = {}) {
  const clock = createTestClock();
  const store = createMemoryStore();
  const numbers = memoryNumbers();
  const index = memoryThreadIndex(store);
  const { project, transcript, chatRows } = memoryProjections();
  const messageStates = memoryMessageStates();
  const published: EncodedEvent[] = [];
  const joins: CustomersJoined[] = [];
  const kept: string[] = [];
  const asked: Parameters<CheckReply>[0][] = [];
  const world: { checkReply: CheckReply; flow: Flow; bot: Bot | null } = {
    checkReply: () => Promise.resolve(undefined),
    flow: defaultFlow('brand'),
    bot: null,
  };
  const offsets = new Map<string, number>();
  let [nextMessage, made] = [0, 0];

  const threads = createAggregates({
    definition: threadAggregate,
    store,
    publish: (events) => {
      published.push(...events);
      return Promise.resolve();
    },
    project,
  });
  const desks = createDesks(clock.now);
  const tellJoins = createTellJoins({
    send(records) {
      joins.push(...records.map(({ value }) => routingJoins.decode(value ?? new Uint8Array())));
      return Promise.resolve();
    },
  });
  const progress = { nextMessage: () => nextMessage };
  const resolveCustomers = createResolveCustomers({ customers, digest });
  const timers = createTimers(published);
  const desk = createDesk(published);
  const bots = { of: () => Promise.resolve(world.bot ? new Map([[NUMBER, world.bot]]) : new Map<string, Bot>()) };
  const flows = {
    current: (brandIds: Iterable<string>) => Promise.resolve(new Map([...brandIds].map((id) => [id, world.flow]))),
    atLeast: (brandId: string, version: number) =>
      world.flow.version >= version
        ? Promise.resolve({ ...world.flow, brandId })
        : Promise.reject(new Failure('invalid', 'routing.no-such-settings', 'nobody made that version')),
  };
  const brandName = () => 'Acme Shoes';
  const lookAround = createLookAround({ flows, bots, brandName, now: clock.now });
  const owners = createApplyNumbers({ threads, numbers, index, progress, lookAround, now: clock.now });
  const handle = createNumberLog({
    receiveMessages: createReceiveMessages({
      threads,
      numbers,
      transcript,
      resolveCustomers,
      tellJoins,
      lookAround,
      scan: createScan(),
      observe: { nobody: ignore },
    }),
    applyNumbers: (news, signal) => owners.applyNumbers(news, signal),
    applyJoins: createApplyJoins({ threads, customers, numbers, progress, now: clock.now }),
    noteProgress: createNoteProgress({ threads, messageStates, numbers, transcript, lookAround }),
    tellThreads: createTellThreads({ threads, numbers, lookAround }),
    applySettings: createApplySettings({
      threads,
      flows,
      bots,
      openThreads: createOpenThreads({ numbers, index, partitionOf: () => 0 }),
      brandName,
      now: clock.now,
    }),
    hearDesk: desks.hearDesk,
    hearOperators: desks.hearOperators,
    readIncoming,
    previewOf: previewOfContent,
    handled: (_partition, next) => {
      nextMessage = next;
    },
    keep: (_chunk, _record, reason) => {
      kept.push(reason);
      return Promise.resolve();
    },
  });

  async function hear<T>(topic: Topic<T>, values: readonly (T | Uint8Array)[]): Promise<void> {
    const records = values.map((value) => {
      const offset = offsets.get(topic.name) ?? 0;
      offsets.set(topic.name, offset + 1);
      const bytes = value instanceof Uint8Array ? value : topic.encode(value);
      return { offset, key: NUMBER, value: bytes, headers: {}, timestamp: clock.now().getTime() };
    });
    const chunk = { topic: topic.name, code: sourceCode(topic), partition: 0, records };
    const { done } = await handle(chunk, { signal: new AbortController().signal });
    await done;
  }

  const seen = createSeenChats({
    threads,
    chatRows,
    rowOf: (threadId, sequence, thread) => {
      if (!thread.chat) return undefined;
      const { _id: id, ...row } = rowOf(threadId, sequence, thread, thread.chat);
      return { id, ...row };
    },
  });
  /** Time goes by while somebody waits, and the desk's word is heard meanwhile. */
  const pause = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await hearOffers();
  };
  const hearOffers = (...more: OfferMade[]) => hear(routingOffers, [...desk.offers.splice(0), ...more]);
  const reads = createReadChats({ seen, index, transcript, chatRows, messageStates, pause });
  const customerUseCases = createCustomerUseCases({
    customers,
    numbers,
    index,
    resolveCustomers,
    tellJoins,
    now: clock.now,
    newId: () => `request-${(made += 1)}`,
  });

  const commands = createChatCommands({ threads, seen, lookAround, now: clock.now });
  const { claimPlace } = desk;
  const write = createWriteToCustomer({
    commands,
    seen,
    threads,
    numbers,
    customers: customerUseCases,
    lookAround,
    checkReply: (reply) => {
      asked.push(reply);
      return world.checkReply(reply);
    },
    claimPlace,
    digest,
    now: clock.now,
  });
  const hand = createHandChats({ commands, seen, claimPlace, pause });
  const mark = createMarkChats({ commands, digest });
  const receipts: Parameters<TellRead>[0][] = [];
  const markRead = createMarkRead({
    seen,
    tellRead: (receipt) => {
      receipts.push(receipt);
      return Promise.resolve();
    },
  });

  /** The end of routing.threads in memory; a cursor is how many events there were. */
  async function* subscribe({ from, filter }: { from: string; filter?: (item: Watched) => boolean }) {
    if (from !== 'latest' && !/^\d+$/.test(from)) {
      throw malformedCursor();
    }
    for (let at = from === 'latest' ? published.length : Number(from); ; at += 1) {
      const event = published[at];
      if (!event) {
        yield { kind: 'idle', cursor: String(at) } satisfies TailEvent<Watched>;
        return;
      }
      const { value, headers, key, topic } = event;
      const item = watchedOf({ value, headers, key, offset: at, timestamp: 0 }, topic);
      if (!item || filter?.(item) === false) continue;
      yield await Promise.resolve({ kind: 'item', item, cursor: String(at + 1) } satisfies TailEvent<Watched>);
    }
  }

  return Object.assign(world, {
    clock,
    store,
    desks,
    customers,
    transcript,
    joins,
    tellJoins,
    kept,
    asked,
    reads,
    chatRows,
    mark,
    receipts,
    timers,
    desk,
    hearOffers,
    giveBackChats: createGiveBackChats({ threads, index, numbers, lookAround, now: clock.now }),
    hearCommands: (...told: RoutingCommand[]) => hear(routingCommands, told),
    hearFires: (...fired: TimerFired[]) => hear(routingTimers, fired),
    /** Time goes by; what falls due in it fires at its time. */
    async pass(ms: number) {
      const until = new Date(clock.now().getTime() + ms);
      for (let fired = timers.next(until); fired; fired = timers.next(until)) {
        await clock.advance(Math.max(0, (fired.dueAt?.getTime() ?? 0) - clock.now().getTime()));
        await hear(routingTimers, [fired]);
      }
      await clock.advance(until.getTime() - clock.now().getTime());
    },
    adoptLeft: (unclaimed: readonly string[], at: Date) => owners.adoptLeft(unclaimed, at),
    hearMessages: (...items: (MessageReceived | Uint8Array)[]) => hear(whatsappMessages, items),
    hearNumbers: (...states: NumberState[]) => hear(accountNumbers, states),
    hearEgress: (...events: MessageEvent[]) => hear(egressMessages, events),
    /** What was told on routing.joins and not heard yet. */
    hearJoins: () => hear(routingJoins, joins.splice(0)),
    /** What was said on routing.threads, once per event id. */
    said: (): ThreadEvent[] => {
      const own = published.filter(({ topic }) => topic === routingThreads.name);
      return [...new Map(own.map(({ id, value }) => [id, ThreadEvent.decode(value)])).values()];
    },
    services: () => [
      chatServer(reads, { write, hand, mark, markRead }, createWatch({ subscribe })),
      customerServer(customerUseCases),
    ],
  });
}

export type World = ReturnType<typeof createWorld>;

/** The world's services over real gRPC on loopback. */
export async function serve(world: World) {
  const server = grpcServer({
    port: 0,
    services: world.services(),
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  const clients: GrpcClient<object>[] = [];
  const open = async <S extends object>(
    service: S,
    scope: string,
    organisationId?: string,
    speaksFor: { readonly operatorId?: string; readonly botId?: string } = {},
  ): Promise<GrpcClient<S>> => {
    const subject = speaksFor.operatorId ?? speaksFor.botId ?? 'olga';
    const named = organisationId === undefined ? {} : { organisationId };
    const claims = { subject, scope, ttlSeconds: 60, ...named, ...speaksFor };
    const client = grpcClient(service, `127.0.0.1:${server.port()}`, { token: await signToken(jwtSecret, claims) });
    clients.push(client);
    return client;
  };
  return {
    chats: (organisationId?: string, scope = 'routing.*') => open(ChatServiceService, scope, organisationId),
    /** An associate; `routing.*` makes a supervisor of them. */
    operator: (operatorId: string, scope = 'routing.chats:read routing.chats:write') =>
      open(ChatServiceService, scope, 'acme', { operatorId }),
    bot: (botId: string) => open(ChatServiceService, 'routing.chats:read routing.chats:write', 'acme', { botId }),
    customers: (organisationId?: string, scope = 'routing.*') => open(CustomerServiceService, scope, organisationId),
    stop: async () => {
      for (const client of clients) client.close();
      await server.stop();
    },
  };
}

export function numberState(version: number, more: Partial<NumberState> = {}): NumberState {
  return {
    ...NumberState.decode(new Uint8Array()),
    phoneNumberId: NUMBER,
    version: BigInt(version),
    connection: 1,
    ...acme,
    changedAt: new Date('2026-11-25T11:00:00Z'),
    ...more,
  };
}

export interface Person {
  readonly phone?: string;
  readonly userId?: string;
}

export function wrote(
  person: Person,
  messageId: string,
  sentAt: Date,
  { receivedAt = sentAt, ...more }: Partial<MessageReceived> & { receivedAt?: Date } = {},
): MessageReceived {
  return {
    ...MessageReceived.decode(new Uint8Array()),
    eventId: messageId,
    source: { ...Source.decode(new Uint8Array()), receivedAt },
    kind: MessageKind.MESSAGE_KIND_MESSAGE,
    phoneNumberId: NUMBER,
    messageId,
    sentAt,
    customer: person,
    content: { kind: { $case: 'text', value: { body: messageId } } },
    ...more,
  };
}
