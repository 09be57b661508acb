import { createAggregates, createMemoryStore } from '@switchboard/aggregates';
import { templateAggregate } from '../src/adapters/kafka/template-aggregate.js';
import { directoryContract, memoryDirectory } from './support/directory.js';

directoryContract('in-memory', () => {
  const store = createMemoryStore();
  const templates = createAggregates({ definition: templateAggregate, store, publish: () => Promise.resolve() });
  return { directory: memoryDirectory(store), templates };
});
