import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { createTestClock } from '@switchboard/testing';
import { messageAggregate } from '../src/adapters/kafka/message-aggregate.js';
import { leasesContract, wamidsContract, windowsContract } from './support/contracts.js';
import { messageListsContract, queueContract } from './support/message-contracts.js';
import { pacesContract, reachContract } from './support/pace-contracts.js';
import { createHolds } from '../src/adapters/grpc/holds.js';
import { holdsContract, standInForBilling } from './support/money-contracts.js';
import { memoryMoney } from './support/money-twins.js';
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
holdsContract('in-memory', () => {
  const billing = memoryMoney();
  return {
    holds: billing.money.holds,
    setCredit: (credit) => void (billing.credit = credit),
    setAway: (isAway) => void (billing.isAway = isAway),
  };
});
holdsContract('gRPC', () => {
  const billing = standInForBilling();
  return {
    holds: createHolds(billing, () => 0),
    setCredit: (credit) => void (billing.credit = credit),
    setAway: (isAway) => void (billing.isAway = isAway),
  };
});
queueContract('in-memory', open);
messageListsContract('in-memory', open);
