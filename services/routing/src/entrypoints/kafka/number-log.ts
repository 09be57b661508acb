import type { Applied, Position } from '@switchboard/aggregates';
import type { MessageReceived } from '@switchboard/contracts/ingress/v1/events';
import type { RoutingCommand } from '@switchboard/contracts/routing/v1/desk_events';
import type { CustomersJoined } from '@switchboard/contracts/routing/v1/events';
import type { NumberState } from '@switchboard/contracts/account/v1/events';
import {
  accountNumbers,
  accountOperators,
  egressMessages,
  routingCommands,
  routingDesks,
  routingJoins,
  routingOffers,
  sourceCode,
  timerFired,
  type Topic,
  whatsappMessages,
} from '@switchboard/contracts/topics';
import { Failure } from '@switchboard/errors';
import { type Chunk, type HandleChunk, type IncomingRecord, placeOf, type SourceTopic } from '@switchboard/kafka';
import type { ApplySettings, SettingsNews } from '../../use-cases/settings/apply-settings.js';
import type { ApplyJoins, JoinNews } from '../../use-cases/customers/apply-joins.js';
import type { ApplyNumbers, NumberNews } from '../../use-cases/threads/apply-numbers.js';
import type { HearDesk, HearOperators } from '../../use-cases/desk/hear-desk.js';
import type { NoteProgress } from '../../use-cases/threads/note-progress.js';
import type { Incoming, ReceiveMessages } from '../../use-cases/threads/receive-messages.js';
import type { TellThreads } from '../../use-cases/threads/tell-threads.js';
import { readDeskTimer, readOperator, readRequest } from './desk-news.js';
import { readFired, readOffer } from './thread-news.js';
import { type PreviewOf, readMessageNews } from './message-news.js';

const asSource = (topic: Pick<Topic<unknown>, 'name' | 'code' | 'generation'>): SourceTopic => ({
  topic: topic.name,
  code: sourceCode(topic),
});

export const routingTimers = timerFired('routing');

/**
 * What routing reads, by number, and for desks by organisation: one partition of all of them is handled by one process,
 * in order. Operators have a key of their own, and come to their desk as commands.
 */
export const sources: readonly SourceTopic[] = [
  whatsappMessages,
  accountNumbers,
  routingJoins,
  routingOffers,
  routingCommands,
  egressMessages,
  routingDesks,
  routingTimers,
  accountOperators,
].map(asSource);
export const messagesCode = sourceCode(whatsappMessages);

export interface NumberLogDeps {
  readonly receiveMessages: ReceiveMessages;
  readonly applyNumbers: ApplyNumbers['applyNumbers'];
  readonly applyJoins: ApplyJoins;
  readonly noteProgress: NoteProgress;
  readonly hearDesk: HearDesk;
  readonly hearOperators: HearOperators;
  readonly tellThreads: TellThreads;
  readonly applySettings: ApplySettings;
  readonly readIncoming: (event: MessageReceived, position: Position) => Incoming;
  readonly previewOf: PreviewOf;
  /** Every message below this offset has been handled. */
  readonly handled: (partition: number, nextOffset: number) => void;
  /** Publishes a record that cannot be read, as it was, with the reason. */
  readonly keep: (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;
}

/** Handles stretches of the logs of a partition's numbers. */
export function createNumberLog(deps: NumberLogDeps): HandleChunk {
  async function read<T, R>(
    topic: Pick<Topic<T>, 'decode'>,
    chunk: Chunk,
    each: (event: T, position: Position) => R,
  ): Promise<R[]> {
    const found: R[] = [];
    for (const record of chunk.records) {
      if (record.value === null) continue;
      try {
        found.push(each(topic.decode(record.value), placeOf(chunk, record)));
      } catch (error) {
        await deps.keep(chunk, record, `undecodable: ${String(error)}`);
      }
    }
    return found;
  }

  /** One after the other: a command that cannot be obeyed is kept, and holds nobody up. */
  async function command(chunk: Chunk, signal: AbortSignal): Promise<Applied> {
    const done: Promise<void>[] = [];
    for (const record of chunk.records) {
      const [news] = known(await read(routingCommands, { ...chunk, records: [record] }, readCommand));
      if (!news) continue;
      try {
        done.push((await deps.applySettings([news], signal)).done);
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'invalid') throw error;
        await deps.keep(chunk, record, `${error.code}: ${error.message}`);
      }
    }
    return { done: Promise.all(done).then(() => undefined) };
  }

  return async function handleChunk(chunk, { signal }) {
    switch (chunk.topic) {
      case whatsappMessages.name: {
        const applied = await deps.receiveMessages(await read(whatsappMessages, chunk, deps.readIncoming), signal);
        const last = chunk.records.at(-1);
        if (last) deps.handled(chunk.partition, last.offset + 1);
        return applied;
      }
      case accountNumbers.name:
        return deps.applyNumbers(await read(accountNumbers, chunk, readNumber), signal);
      case routingJoins.name:
        return deps.applyJoins(await read(routingJoins, chunk, readJoin), signal);
      case egressMessages.name:
        return deps.noteProgress(
          await read(egressMessages, chunk, (event, position) => readMessageNews(event, position, deps.previewOf)),
          signal,
        );
      case routingDesks.name:
        return deps.hearDesk(known(await read(routingDesks, chunk, readRequest)), signal);
      case accountOperators.name:
        return deps.hearOperators(await read(accountOperators, chunk, readOperator));
      case routingOffers.name:
        return deps.tellThreads(known(await read(routingOffers, chunk, readOffer)), signal);
      case routingTimers.name: {
        // Timers of desks and of threads fire in one log.
        const fired = await read(routingTimers, chunk, (event, position) => ({
          desk: readDeskTimer(event, position),
          thread: readFired(event, position),
        }));
        const desks = await deps.hearDesk(known(fired.map(({ desk }) => desk)), signal);
        const threads = await deps.tellThreads(
          fired.map(({ thread }) => thread),
          signal,
        );
        return { done: Promise.all([desks.done, threads.done]).then(() => undefined) };
      }
      case routingCommands.name:
        return command(chunk, signal);
      default:
        throw new TypeError(`nobody hears ${chunk.topic}`);
    }
  };
}

const known = <T>(found: readonly (T | undefined)[]): T[] => found.filter((each) => each !== undefined);

function readNumber(state: NumberState, position: Position): NumberNews {
  const { phoneNumberId, version, connection, organisationId, brandId, departmentId, changedAt } = state;
  return {
    position,
    number: phoneNumberId,
    version: Number(version),
    connection,
    owner: organisationId === '' ? null : { organisationId, brandId, departmentId },
    at: changedAt ?? new Date(0),
  };
}

const readJoin = (event: CustomersJoined, position: Position): JoinNews => ({
  position,
  eventId: event.eventId,
  number: event.phoneNumberId,
  connection: event.connection,
  ended: event.customerId,
  survivor: event.intoCustomerId,
  undone: event.undone,
  at: event.occurredAt ?? new Date(0),
});

function readCommand({ command, occurredAt }: RoutingCommand, position: Position): SettingsNews | undefined {
  if (command?.$case !== 'applySettings') return undefined;
  const { brandId, version } = command.value;
  return { position, brandId, version: Number(version), at: occurredAt ?? new Date(0) };
}
