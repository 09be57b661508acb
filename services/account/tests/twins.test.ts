import { createMemoryStore } from '@switchboard/aggregates';
import { aggregatesOf, directoryContract, memoryDirectory } from './support/directory.js';

directoryContract('in-memory', () => {
  const stores = { numbers: createMemoryStore(), brands: createMemoryStore(), operators: createMemoryStore() };
  return { directory: memoryDirectory(stores), ...aggregatesOf(stores) };
});
