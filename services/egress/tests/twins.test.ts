import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { createTestClock } from '@switchboard/testing';
import { messageAggregate } from '../src/adapters/kafka/message-aggregate.js';
import {
  leasesContract,
  messageListsContract,
  queueContract,
  wamidsContract,
  windowsContract,
} from './support/contracts.js';
import { pacesContract, reachContract } from './support/pace-contracts.js';
import { preferencesContract, templatesContract } from './support/gate-contracts.js';
import { memoryPreferences, memoryTemplates } from './support/gate-twins.js';
import { memoryPaces, memoryReach } from './support/pace-twins.js';
import { memoryLeases, memoryLists, memoryQueue, memoryWamids, memoryWindows } from './support/twins.js';

const clock = createTestClock();
const second30 = () => new Date(Date.UTC(2026, 10, 2, 10, 0, 30));

windowsContract('in-memory', memoryWindows);
wamidsContract('in-memory', memoryWamids);
leasesContract('in-memory', memoryLeases(clock.now), (_partition, byMs) => clock.advance(10_000 + byMs));
const open = () => {
  const store = createMemoryStore();
  const publish = () => Promise.resolve();
  return {
    queue: memoryQueue(store),
    lists: memoryLists(store),
    messages: createAggregates({ definition: messageAggregate, store, publish }),
  };
};
preferencesContract('in-memory', (portfolioOf = () => undefined) => memoryPreferences(second30, portfolioOf));
templatesContract('in-memory', memoryTemplates);
pacesContract('in-memory', memoryPaces);
reachContract('in-memory', () => {
  const clock = { now: () => new Date() };
  const reach = memoryReach(() => clock.now());
  return (now) => {
    clock.now = now;
    return reach;
  };
});
queueContract('in-memory', open);
messageListsContract('in-memory', open);
