import { createCharges } from './charges.js';
import type { Clock } from './clock.js';
import { createCounters } from './counters.js';
import { type Faults, noFaults } from './faults.js';
import { createIds } from './ids.js';
import { createBuckets, createDailyCaps, createPairs, type Limits, metaLimits } from './limits.js';
import { createMediaStore } from './media.js';
import { createPriceBook } from './pricing.js';
import { createRandom } from './random.js';
import { createReach } from './reach.js';
import { createTemplates } from './templates/store.js';
import { createThroughput } from './throughput.js';
import { createUploads } from './uploads.js';
import { createAddresses } from './webhooks/addresses.js';
import type { Receiver } from './webhooks/callback.js';
import { createOutbox, retryGapsMs } from './webhooks/outbox.js';
import { type BusinessNumber, createWorld, type PlannedFailure } from './world.js';

/** A failure that somebody ordered for the next calls. */
export interface OrderedFailure extends PlannedFailure {
  readonly phone_number_id?: string | undefined;
  readonly to?: string | undefined;
  times: number;
}

/** Settings for everybody, and for single numbers what differs. */
function createSettings<Settings extends object>(initial: Settings) {
  let everywhere = initial;
  const ofNumber = new Map<string, Partial<Settings>>();
  const of = (phoneNumberId: string): Settings => {
    const own = ofNumber.get(phoneNumberId);
    return own ? { ...everywhere, ...own } : everywhere;
  };
  return {
    of,
    all: () => ({ everywhere, numbers: Object.fromEntries(ofNumber) }),
    set(patch: Partial<Settings>, phoneNumberId?: string) {
      if (phoneNumberId === undefined) everywhere = { ...everywhere, ...patch };
      else ofNumber.set(phoneNumberId, { ...ofNumber.get(phoneNumberId), ...patch });
    },
    clear(phoneNumberId?: string) {
      if (phoneNumberId !== undefined) return void ofNumber.delete(phoneNumberId);
      everywhere = initial;
      ofNumber.clear();
    },
  };
}

export interface EngineOptions {
  readonly clock: Clock;
  readonly receiver: Receiver;
  readonly seed: string;
  readonly numbers: readonly BusinessNumber[];
  readonly portfolioId: string;
  readonly faults: Partial<Faults>;
  readonly limits: Partial<Limits>;
  readonly payloadVersion: 'v23' | 'v24';
  readonly retryGapsMs: readonly number[] | undefined;
  readonly keepMessages: number;
}

export type Engine = ReturnType<typeof createEngine>;

/** Everything a simulation is made of. What it does stands in `graph/`, `customers.ts` and `statuses.ts`. */
export function createEngine(options: EngineOptions) {
  const { clock } = options;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const begin = (seed: string) => ({
    seed,
    random: createRandom(seed),
    ids: createIds(seed, clock.now()),
    world: createWorld(options.numbers, options.portfolioId, options.keepMessages),
    calls: new Map<string, number>(),
    media: createMediaStore(),
    reach: createReach(),
    marketing: createDailyCaps(),
    counters: createCounters(),
    throughput: createThroughput(),
    templates: createTemplates(),
    uploads: createUploads(),
    ordered: [] as OrderedFailure[],
  });
  // What a reset replaces; it is one object with the engine, so that everybody sees the new world.
  const current = begin(options.seed);
  const faults = createSettings<Faults>({ ...noFaults, ...options.faults });
  const limits = createSettings<Limits>({ ...metaLimits, ...options.limits });
  const addresses = createAddresses({
    clock,
    receiver: options.receiver,
    challenge: () => current.ids.challenge(),
    isSubscribed: (wabaId) => current.world.subscribed.has(wabaId),
    verified: () => {
      outbox.release();
    },
  });
  const outbox = createOutbox({
    clock,
    random: (...key) => current.random(...key),
    receiver: options.receiver,
    faultsOf: faults.of,
    callbackOf: addresses.callbackOf,
    isVerified: addresses.isVerified,
    gapsMs: options.retryGapsMs ?? retryGapsMs,
    changed,
  });
  const prices = createPriceBook();
  const charges = createCharges();
  const buckets = createBuckets();
  const pairs = createPairs();
  return Object.assign(current, {
    clock,
    portfolioId: options.portfolioId,
    /** Where we can be reached; media have addresses there. */
    baseUrl: '',
    payloadVersion: options.payloadVersion,
    faults,
    limits,
    addresses,
    outbox,
    prices,
    charges,
    buckets,
    pairs,
    changed,
    /** Calls back after every change. Returns a way to stop that. */
    watch: (listener: () => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    /** The how-manieth call this is for this name; calls are thrown dice for one by one. */
    countCall(name: string): number {
      const count = (current.calls.get(name) ?? 0) + 1;
      current.calls.set(name, count);
      return count;
    },
    /** An empty world, as it was at the start. The address of the receiver stays. */
    reset(seed = current.seed) {
      clock.clear();
      for (const part of [outbox, prices, charges, buckets, pairs, addresses, faults, limits]) part.clear();
      Object.assign(current, begin(seed));
      changed();
    },
  });
}
