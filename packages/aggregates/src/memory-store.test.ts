import { createMemoryStore } from './memory-store.js';
import { aggregateStoreContract } from './store-contract.js';

aggregateStoreContract('in-memory', () => Promise.resolve(createMemoryStore()));
