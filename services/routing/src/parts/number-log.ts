import { createConsumer } from '@switchboard/kafka';
import { readIncoming } from '../adapters/kafka/incoming.js';
import { createNumberLog, messagesCode, sources } from '../entrypoints/kafka/number-log.js';
import { previewOfContent } from '../preview.js';
import { createApplyJoins } from '../use-cases/customers/apply-joins.js';
import { createApplyNumbers } from '../use-cases/threads/apply-numbers.js';
import { createApplySettings } from '../use-cases/settings/apply-settings.js';
import { createNoteProgress } from '../use-cases/threads/note-progress.js';
import { createOpenThreads } from '../use-cases/threads/open-threads.js';
import { createReceiveMessages } from '../use-cases/threads/receive-messages.js';
import { createScan } from '../use-cases/threads/scan-words.js';
import { createTellThreads } from '../use-cases/threads/tell-threads.js';
import type { AroundParts } from './around.js';
import type { DeskParts } from './desk.js';
import type { Ground } from './ground.js';
import type { ThreadParts } from './threads.js';

/** The logs of numbers and desks, partition by partition, and what their owner does when it takes one over. */
export function numberLogParts(
  { kafka, instance, logger, metrics, keep, partitionOf, now }: Ground,
  { threads, customers, numbers, index, transcript, messageStates, resolveCustomers, tellJoins }: ThreadParts,
  { lookAround, flows, bots, brandName }: AroundParts,
  { desks, hearDesk, hearOperators, takeOverDesks }: DeskParts,
) {
  const next = new Map<number, number>();
  const progress = { nextMessage: (partition: number) => next.get(partition) ?? 0 };
  const owners = createApplyNumbers({ threads, numbers, index, progress, lookAround, now });
  const openThreads = createOpenThreads({ numbers, index, partitionOf });
  const handle = createNumberLog({
    receiveMessages: createReceiveMessages({
      threads,
      numbers,
      transcript,
      resolveCustomers,
      tellJoins,
      lookAround,
      scan: createScan(),
      observe: { nobody: metrics.nobody },
    }),
    applyNumbers: (news, signal) => owners.applyNumbers(news, signal),
    applyJoins: createApplyJoins({ threads, customers, numbers, progress, now }),
    noteProgress: createNoteProgress({ threads, messageStates, numbers, transcript, lookAround }),
    hearDesk,
    hearOperators,
    tellThreads: createTellThreads({ threads, numbers, lookAround }),
    applySettings: createApplySettings({ threads, flows, bots, openThreads, brandName, now }),
    readIncoming,
    previewOf: previewOfContent,
    handled: (partition, offset) => next.set(partition, offset),
    keep,
  });

  const warnOf = (partition: number, what: string) => (error: unknown) => {
    logger.warn({ err: error, partition }, what);
  };
  const consumer = createConsumer(kafka, {
    group: 'routing',
    instance,
    topics: sources,
    handle,
    async onAssigned(partition, committed) {
      next.set(partition, committed.get(messagesCode) ?? 0);
      threads.assigned(partition, committed);
      desks.assigned(partition, committed);
      takeOverDesks(partition).catch(
        warnOf(partition, 'desks could not be compared with their threads; whoever takes them over next does it'),
      );
      const left = await index.unclaimedNumbers().catch(() => []);
      const ours = left.filter((number) => partitionOf(number) === partition);
      owners
        .adoptLeft(ours, now())
        .catch(warnOf(partition, 'threads that wait could not be adopted; the next message adopts them'));
    },
    async onRevoked(partition) {
      await Promise.all([threads.revoked(partition), desks.revoked(partition)]);
    },
  });
  return { parts: [consumer] };
}
