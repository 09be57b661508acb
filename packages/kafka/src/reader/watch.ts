import { Failure, type FieldViolation, invalid } from '@switchboard/errors';
import { MALFORMED, NO_CURSOR } from './cursor.js';
import { type Tail } from './tail.js';

/** How somebody asks to watch; the names are those of the fields `cursor` and `heartbeat_ms` of the request. */
export interface WatchRequest {
  /** From an earlier response; empty = from now. */
  readonly cursor: string;
  /** Something is said at least so often, 1,000 to 60,000 ms; 0 means 15,000. */
  readonly heartbeatMs: number;
}

/** Two topics of many partitions, with room. */
const LONGEST_CURSOR = 8_192;
const HEARTBEAT_MS = 15_000;

/** What is wrong with how it is asked, as far as it can be told without the log. */
export const watchProblems = ({ cursor, heartbeatMs }: WatchRequest): FieldViolation[] => [
  ...(cursor.length <= LONGEST_CURSOR ? [] : [NO_CURSOR]),
  ...(heartbeatMs === 0 || (heartbeatMs >= 1_000 && heartbeatMs <= 60_000)
    ? []
    : [{ field: 'heartbeat_ms', description: 'must be 1,000 to 60,000, or 0 for 15,000; correct it' }]),
];

/** The change that says that a cursor is too old, in the same words everywhere. */
export const WATCH_RESET = {
  $case: 'reset',
  value: { reason: 'the cursor is older than the log; read the lists anew' },
} as const;

/**
 * A tail as the responses of a stream: each with the cursor to go on from, and a change, or none where nothing happened
 * for a heartbeat. Where the cursor is older than the log, the change is `WATCH_RESET` and what follows comes after its
 * cursor. What is no cursor is refused as a bad field of the request, under `refusalCode`; ends when the signal aborts.
 */
export async function* watch<T, Change>(
  tail: Pick<Tail<T>, 'subscribe'>,
  { cursor, heartbeatMs }: WatchRequest,
  options: {
    readonly filter: (item: T) => boolean;
    readonly changeOf: (item: T) => Change;
    readonly signal: AbortSignal;
    /** For example `egress.bad-request`. */
    readonly refusalCode: string;
  },
): AsyncGenerator<{ cursor: string; change: Change | typeof WATCH_RESET | undefined }, void, undefined> {
  const { filter, changeOf, signal, refusalCode } = options;
  const from = cursor === '' ? 'latest' : cursor;
  const events = tail.subscribe({ from, filter, signal, idleMs: heartbeatMs || HEARTBEAT_MS });
  for await (const event of withField(events, refusalCode)) {
    switch (event.kind) {
      case 'item':
        yield { cursor: event.cursor, change: changeOf(event.item) };
        break;
      case 'idle':
        yield { cursor: event.cursor, change: undefined };
        break;
      case 'reset':
        yield { cursor: event.cursor, change: WATCH_RESET };
    }
  }
}

async function* withField<T>(events: AsyncIterable<T>, refusalCode: string): AsyncGenerator<T, void, undefined> {
  try {
    yield* events;
  } catch (error) {
    throw error instanceof Failure && error.code === MALFORMED ? invalid(refusalCode, [NO_CURSOR]) : error;
  }
}
