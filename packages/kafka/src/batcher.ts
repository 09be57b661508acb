import { Failure } from '@switchboard/errors';
import { queueFull, recordTooLarge, stopping, unreachable } from './failures.js';
import { type OutgoingRecord, recordBytes } from './record.js';
import { backoffMs, type Clock } from './timing.js';

export interface BatcherLimits {
  /** How long the first record of a batch waits for others when nothing is in flight. */
  readonly lingerMs: number;
  /** A batch goes at once when it has so many records, and no batch has more. */
  readonly maxRecords: number;
  /** A batch goes at once when it has so many bytes. */
  readonly maxBytes: number;
  /** No batch is larger, unless it is one record: one send is one record batch per partition, and brokers bound those. */
  readonly sendBytes: number;
  readonly recordBytes: number;
  readonly queueRecords: number;
  readonly queueBytes: number;
  readonly queueAgeMs: number;
  /** `fail`: callers of a failed send are told. `retry`: it is sent again until it succeeds, and what is behind waits. */
  readonly patience: 'fail' | 'retry';
}

export interface Batcher {
  /** Resolves when all these records are acknowledged. They stay in order, and so do calls. */
  readonly add: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Takes no more, and resolves when nothing waits. */
  readonly drain: () => Promise<void>;
  /** Takes no more, and rejects all that waits. */
  readonly close: () => void;
}

interface Call {
  left: number;
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (failure: unknown) => void;
  failed: boolean;
}

interface Waiting {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly call: Call;
}

/**
 * Gathers records of many callers into few sends, exactly one of which is in flight: while it is, what arrives becomes
 * the next, so the size follows the broker's latency. One in flight is not only for speed: with two, one that is
 * repeated would come to stand behind the other.
 */
export function createBatcher(
  send: (records: readonly OutgoingRecord[]) => Promise<void>,
  limits: BatcherLimits,
  clock: Clock,
  observe: { waiting?: (records: number) => void; failed?: (failure: unknown, attempt: number) => void } = {},
): Batcher {
  let queue: Waiting[] = [];
  let bytes = 0;
  let count = 0;
  let inFlight: readonly Waiting[] = [];
  let cut = limits.maxRecords;
  let attempt = 0;
  let closed = false;
  let closedForGood = false;
  let wake: (() => void) | undefined;
  let expire: (() => void) | undefined;
  const drained: (() => void)[] = [];

  function add(records: readonly OutgoingRecord[]): Promise<void> {
    if (closed) return Promise.reject(stopping());
    if (records.length === 0) return Promise.resolve();
    const sizes = records.map(recordBytes);
    const largest = Math.max(...sizes);
    if (largest > limits.recordBytes) return Promise.reject(recordTooLarge(largest, limits.recordBytes));
    const size = sizes.reduce((sum, each) => sum + each, 0);
    // What is larger than the whole queue is let into an empty one, or it could never be published.
    if (count > 0 && (count + records.length > limits.queueRecords || bytes + size > limits.queueBytes))
      return Promise.reject(queueFull());
    return new Promise((resolve, reject) => {
      const call: Call = { left: records.length, since: clock.now(), resolve, reject, failed: false };
      const added = records.map((record, index) => ({ record, bytes: sizes[index] ?? 0, call }));
      queue.push(...added);
      changed(added, 1);
      watchAge();
      schedule();
    });
  }

  /** Nothing is in flight and something waits: send now, or when the oldest has lingered. */
  function schedule(): void {
    const oldest = queue[0];
    if (inFlight.length > 0 || !oldest) return;
    const isFull = queue.length >= limits.maxRecords || bytes >= limits.maxBytes;
    if (attempt > 0) wakeAfter(backoffMs(attempt));
    else if (isFull) void flush();
    else wakeAfter(Math.max(0, oldest.call.since + limits.lingerMs - clock.now()));
  }

  function wakeAfter(ms: number): void {
    wake ??= clock.after(ms, () => {
      wake = undefined;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    wake?.();
    wake = undefined;
    if (inFlight.length > 0 || queue.length === 0) return;
    inFlight = takeHead();
    try {
      await send(inFlight.map(({ record }) => record));
      acknowledged(inFlight);
    } catch (error) {
      refused(inFlight, error);
    }
    inFlight = [];
    const oldest = queue[0];
    if (!oldest) tellDrained();
    else if (attempt === 0 && oldest.call.since + limits.lingerMs <= clock.now()) void flush();
    else schedule();
  }

  function takeHead(): readonly Waiting[] {
    let size = 0;
    let count = 0;
    for (const { bytes: each } of queue) {
      if (count > 0 && (count >= cut || size + each > limits.sendBytes)) break;
      size += each;
      count += 1;
    }
    const head = queue.slice(0, count);
    queue = queue.slice(count);
    return head;
  }

  function acknowledged(sent: readonly Waiting[]): void {
    attempt = 0;
    cut = limits.maxRecords;
    changed(sent, -1);
    for (const { call } of sent) {
      call.left -= 1;
      if (call.left === 0 && !call.failed) call.resolve();
    }
  }

  function refused(sent: readonly Waiting[], error: unknown): void {
    const isTooLarge = error instanceof Failure && error.code === 'kafka.record-too-large';
    if (isTooLarge && sent.length > 1) {
      // The broker's limit is below ours. Smaller batches find out which record it is, if it is one.
      cut = Math.ceil(sent.length / 2);
      queue = sent.concat(queue);
      return;
    }
    attempt += 1;
    observe.failed?.(error, attempt);
    if (limits.patience === 'retry' && !isTooLarge && !closedForGood) {
      queue = sent.concat(queue);
      return;
    }
    attempt = 0;
    changed(sent, -1);
    fail(new Set(sent.map(({ call }) => call)), error);
  }

  /** Rejects the calls and forgets what of them waits. What of them is in flight arrives or not; nobody is told. */
  function fail(calls: ReadonlySet<Call>, failure: unknown): void {
    changed(
      queue.filter(({ call }) => calls.has(call)),
      -1,
    );
    queue = queue.filter(({ call }) => !calls.has(call));
    for (const call of calls) {
      if (!call.failed) call.reject(failure);
      call.failed = true;
    }
  }

  /** What waits or is in flight grew or shrank by these. */
  function changed(by: readonly Waiting[], sign: 1 | -1): void {
    for (const each of by) bytes += sign * each.bytes;
    count += sign * by.length;
    observe.waiting?.(count);
  }

  /** One timer for the oldest that is not in flight; a send under way has a deadline of its own. */
  function watchAge(): void {
    const oldest = queue[0];
    if (expire || !oldest || !Number.isFinite(limits.queueAgeMs)) return;
    expire = clock.after(Math.max(1, oldest.call.since + limits.queueAgeMs - clock.now()), () => {
      expire = undefined;
      const tooOld = clock.now() - limits.queueAgeMs;
      const old = queue.filter(({ call }) => call.since <= tooOld);
      if (old.length > 0) fail(new Set(old.map(({ call }) => call)), unreachable());
      watchAge();
    });
  }

  function tellDrained(): void {
    for (const resolve of drained.splice(0)) resolve();
  }

  return {
    add,
    drain() {
      closed = true;
      if (count === 0) return Promise.resolve();
      return new Promise((resolve) => drained.push(resolve));
    },
    close() {
      closed = true;
      closedForGood = true;
      expire?.();
      wake?.();
      fail(new Set(queue.map(({ call }) => call)), stopping());
      tellDrained();
    },
  };
}
