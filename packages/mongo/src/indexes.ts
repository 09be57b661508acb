import type { Connection, mongo } from 'mongoose';
import { translated } from './errors.js';

/** An index, declared beside the query that needs it. */
export interface IndexSpec {
  readonly collection: string;
  readonly key: mongo.IndexSpecification;
  readonly options?: mongo.IndexOptions;
}

/**
 * Creates what is missing; what is there is left alone. An index of the same name with other options is an error.
 * `unavailable` while the database is away.
 */
export async function ensureIndexes(connection: Connection, specs: readonly IndexSpec[]): Promise<void> {
  for (const { collection, key, options } of specs) {
    await translated(() => connection.collection(collection).createIndex(key, options, undefined));
  }
}
