export type * from './types.js';
export type { AggregateStore, AggregateWrite, Graves, Hole, OutEntry, StoredAggregate, WriteOutcome } from './store.js';
export type { AggregatesCounter, AggregatesLogger, AggregatesMetrics } from './metrics.js';
export { type Clock, systemClock } from './clock.js';
export { type CompactedOptions, type CompactedPublisher, createCompactedPublisher } from './compacted.js';
export { createMemoryStore, type MemoryStore } from './memory-store.js';
export { createMongoStore, mongoStoreIndexes } from './mongo-store.js';
export { type AggregatesOptions, createAggregates } from './runtime.js';
export { admits, type Seen } from './seen.js';
