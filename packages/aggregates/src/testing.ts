export { noMutations, type Mutations, type RuntimeMutation } from './mutations.js';
export { createCompacted } from './compacted.js';
export { createRuntime } from './runtime.js';
export { aggregateStoreContract } from './store-contract.js';
export { written } from './memory-store.js';
export type * from './store.js';
export { createMemoryStore } from './memory-store.js';
