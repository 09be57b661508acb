import { type AggregateStore, createAggregates, createMemoryStore, type EncodedEvent } from '@switchboard/aggregates';
import { OperatorRole, OperatorState } from '@switchboard/contracts/account/v1/events';
import type { DeskRequested } from '@switchboard/contracts/routing/v1/desk_events';
import { OfferManner, TargetKind } from '@switchboard/contracts/routing/v1/settings';
import type { TimerCommand } from '@switchboard/contracts/timer/v1/events';
import { routingDesks, routingOffers, timerCommands } from '@switchboard/contracts/topics';
import { createTellChecks } from '../../src/adapters/kafka/desk-checks.js';
import { deskAggregate } from '../../src/adapters/kafka/desk-aggregate.js';
import { readDeskTimer, readOperator, readRequest } from '../../src/entrypoints/kafka/desk-news.js';
import { createDeskUseCases } from '../../src/use-cases/desk/desk.js';
import { createHearDesk, createHearOperators, type DeskNews } from '../../src/use-cases/desk/hear-desk.js';
import { createTakeOverDesks } from '../../src/use-cases/desk/take-over-desks.js';
import { memoryAsks } from './desk-twins.js';

export const AWAY_MS = 300_000;

/** Desks in memory, the threads they ask, and what they said. */
export function createDesks(now: () => Date, head?: number) {
  const written = new Map<string, EncodedEvent>();
  const store = createMemoryStore();
  /** What is said stands in the write; it is published some time later. */
  const watched: AggregateStore = {
    ...store,
    async write(writes) {
      const outcome = await store.write(writes);
      for (const [index, { id, out }] of writes.entries()) {
        if (outcome.lost.includes(index)) continue;
        for (const { sequence, index: behind, event } of out) written.set(`${id} ${sequence} ${behind}`, event);
      }
      return outcome;
    },
  };
  const { asks, index, put } = memoryAsks(() => store.documents.keys());
  const desks = createAggregates({
    definition: deskAggregate,
    store: watched,
    publish: () => Promise.resolve(),
  });
  const awayAfter = () => Promise.resolve(AWAY_MS);
  const hearDesk = createHearDesk({ desks, asks, index, now, ...(head !== undefined && { head }) });
  const hearOperators = createHearOperators({ desks, now });
  let offset = 0;

  const hear = async (read: (position: DeskNews['position']) => DeskNews | undefined): Promise<void> => {
    const news = read({ code: 'd1', partition: 0, offset: (offset += 1) });
    if (!news) return;
    const { done } = await hearDesk([news], new AbortController().signal);
    await done;
  };
  const told = <T>(topic: string, decode: (bytes: Uint8Array) => T): T[] =>
    [...written.values()].filter((event) => event.topic === topic).map(({ value }) => decode(value));

  const hearRequests = async (...requests: readonly DeskRequested[]): Promise<void> => {
    for (const request of requests) await hear((position) => readRequest(request, position));
  };
  const tellChecks = createTellChecks({
    send: (records) => hearRequests(...records.map(({ value }) => routingDesks.decode(value ?? new Uint8Array()))),
  });

  return {
    store,
    /** Somebody takes over the desks of a partition: even lengths of an organisation's id are those of 0. */
    takeOver: createTakeOverDesks({ index, tellChecks, partitionOf: ({ length }) => length % 2, now }),
    said: () => [...written.values()],
    put,
    hearDesk,
    hearOperators,
    useCases: createDeskUseCases({ desks, asks, awayAfter, now }),
    hearRequests,
    hearTellings: async (...states: readonly OperatorState[]) => {
      await hearOperators(states.map(readOperator));
    },
    /** Fires the timers that are due by the clock, each once. */
    fireDue: async () => {
      const armed = new Map<string, TimerCommand>();
      for (const command of told(timerCommands.name, timerCommands.decode)) armed.set(command.timerKey, command);
      for (const { timerKey, version, command } of armed.values()) {
        const dueAt = command?.$case === 'arm' ? command.value.dueAt : undefined;
        if (!dueAt || dueAt > now()) continue;
        const fired = { owner: 'routing', timerKey, version, dueAt, payload: Buffer.alloc(0) };
        await hear((position) => readDeskTimer(fired, position));
      }
    },
    offers: () => told(routingOffers.name, routingOffers.decode),
    refills: () => told(routingDesks.name, routingDesks.decode),
    timers: () => told(timerCommands.name, timerCommands.decode),
  };
}

export const operatorState = (operatorId: string, more: Partial<OperatorState> = {}): OperatorState => ({
  ...OperatorState.decode(new Uint8Array()),
  operatorId,
  version: 1n,
  organisationId: 'acme',
  role: OperatorRole.OPERATOR_ROLE_ASSOCIATE,
  departmentIds: ['sales'],
  active: true,
  ...more,
});

export const request = (
  chatId: string,
  what: NonNullable<DeskRequested['request']>,
  more: Partial<DeskRequested> = {},
): DeskRequested => ({
  organisationId: 'acme',
  threadId: chatId.split(':')[0] ?? '',
  chatId,
  phoneNumberId: chatId.split('.')[0] ?? '',
  occurredAt: new Date('2026-11-25T12:00:00Z'),
  count: 1n,
  request: what,
  ...more,
});

export const personWanted = (manner: OfferManner = OfferManner.OFFER_MANNER_ALL_AT_ONCE) => ({
  $case: 'personWanted' as const,
  value: {
    departmentId: 'sales',
    brandId: 'brand',
    target: { kind: TargetKind.TARGET_KIND_EVERYONE, operatorIds: [], departmentId: '' },
    manner,
    offerTimeoutMs: 30_000,
    lastOperatorId: '',
    waitingSince: new Date('2026-11-25T12:00:00Z'),
    concurrentLimit: 2,
    exceptOperatorIds: [],
  },
});
