import { readTraceParent } from '@switchboard/service-kit';
import { type Chunk } from '../group/types.js';
import { type IncomingRecord } from '../record.js';

/** Where a record stands, and the trace it belongs to: the position that aggregates take with an input. */
export interface Place {
  readonly code: string;
  readonly partition: number;
  readonly offset: number;
  readonly traceparent?: string;
}

/** The place of a record of a chunk. A header that is no trace context is left out. */
export function placeOf({ code, partition }: Chunk, { offset, headers }: IncomingRecord): Place {
  const traceparent = readTraceParent(headers['traceparent']);
  return traceparent === undefined ? { code, partition, offset } : { code, partition, offset, traceparent };
}
