import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { createTestClock } from '@switchboard/testing';
import { messageAggregate } from '../src/adapters/kafka/message-aggregate.js';
import { leasesContract, queueContract, wamidsContract, windowsContract } from './support/contracts.js';
import { memoryLeases, memoryQueue, memoryWamids, memoryWindows } from './support/twins.js';

const clock = createTestClock();

windowsContract('in-memory', memoryWindows);
wamidsContract('in-memory', memoryWamids);
leasesContract('in-memory', memoryLeases(clock.now), (_partition, byMs) => clock.advance(10_000 + byMs));
queueContract('in-memory', () => {
  const store = createMemoryStore();
  const publish = () => Promise.resolve();
  return { queue: memoryQueue(store), messages: createAggregates({ definition: messageAggregate, store, publish }) };
});
