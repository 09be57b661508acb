import { createAggregates, createMongoStore, mongoStoreIndexes } from '@switchboard/aggregates';
import { encodedRecord } from '@switchboard/kafka';
import { part, traceParent } from '@switchboard/service-kit';
import { createTellJoins } from '../adapters/kafka/joins.js';
import { threadAggregate } from '../adapters/kafka/thread-aggregate.js';
import { chatRowsIndexes, createChatRows } from '../adapters/mongo/chat-rows.js';
import { createCustomers, customersIndexes } from '../adapters/mongo/customers.js';
import { createMessageStates } from '../adapters/mongo/message-states.js';
import { createNumberStore, numbersIndexes } from '../adapters/mongo/numbers.js';
import { createProjections } from '../adapters/mongo/projections.js';
import { createThreadIndex, threadIndexes, THREADS } from '../adapters/mongo/thread-index.js';
import { createTranscript, transcriptIndexes } from '../adapters/mongo/transcript.js';
import { digest } from '../adapters/node/machine.js';
import { sources } from '../entrypoints/kafka/number-log.js';
import { createResolveCustomers } from '../use-cases/customers/resolve-customers.js';
import { type Ground } from './ground.js';

export type ThreadParts = ReturnType<typeof threadParts>;

/** Threads, whose they are, and what is shown of them. */
export function threadParts({ connection, producer, logger, metrics, indexes }: Ground) {
  const customers = createCustomers(connection);
  const threads = createAggregates({
    definition: threadAggregate,
    store: createMongoStore(connection, THREADS),
    publish: (events) => producer.send(events.map(encodedRecord)),
    project: createProjections(connection),
    sourceCodes: sources.map(({ code }) => code),
    logger,
    metrics: metrics.aggregates,
    traceParent,
  });
  return {
    threads,
    customers,
    numbers: createNumberStore(connection),
    index: createThreadIndex(connection),
    transcript: createTranscript(connection),
    chatRows: createChatRows(connection),
    messageStates: createMessageStates(connection),
    resolveCustomers: createResolveCustomers({ customers, digest }),
    tellJoins: createTellJoins(producer),
    parts: [
      indexes('threads', [
        ...mongoStoreIndexes(THREADS),
        ...threadIndexes,
        ...transcriptIndexes,
        ...chatRowsIndexes,
        ...customersIndexes,
        ...numbersIndexes,
      ]),
      part('threads', threads),
    ],
  };
}
