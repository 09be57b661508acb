import type { AggregatesLogger } from '@switchboard/aggregates';
import { noFaults, type Faults } from './calls.ts';
import type { ThreadInput } from './domain.ts';
import type { Mutation } from './mutations.ts';
import {
  createAliases,
  createObserver,
  createRows,
  createTranscript,
  type Aliases,
  type Observer,
  type Rows,
  type Transcript,
} from './observers.ts';
import { createPod, type Fed, type Pod } from './pod.ts';
import { seeded } from './random.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { createSimKafka, type SimKafka } from './sim-kafka.ts';
import { createSimMongo, type SimMongo } from './sim-mongo.ts';

const PARTITIONS = 2;

/** What was asked for, and so must be found in the end. */
export interface Expected {
  /** By thread: what was fed on each topic, in order, without what the outside world repeated. */
  readonly fed: Map<string, { readonly topic: string; readonly id: string }[]>;
  readonly wallet: Map<number, string[]>;
  readonly commands: Map<string, { readonly threadId: string; isAcknowledged: boolean }>;
  readonly settings: Map<string, { readonly accountId: string; isAcknowledged: boolean }>;
  /** Poison that is not replayed yet: where it stood. */
  readonly poison: { readonly topic: string; readonly partition: number; readonly offset: number; readonly fed: Fed }[];
  readonly replayed: Set<string>;
  /** Up to which sequence a thread was erased. */
  readonly erased: Map<string, number>;
}

/** The whole system in one process: servers, pods, and those who watch. */
export interface World {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly mutations: ReadonlySet<Mutation>;
  readonly kafka: SimKafka;
  readonly mongo: SimMongo;
  readonly observer: Observer;
  readonly transcript: Transcript;
  readonly rows: Rows;
  readonly aliases: Aliases;
  readonly logger: AggregatesLogger;
  readonly longestPauseMs: number;
  readonly expected: Expected;
  readonly pods: Pod[];
  readonly violations: string[];
  isMended: boolean;
  readonly violated: (what: string) => void;
  /** Resolves at a later step, after something was fed. */
  readonly somethingNew: () => Promise<void>;
  readonly feedThread: (topic: 'm' | 's', alias: string, input: ThreadInput, isRepeated?: boolean) => void;
  /** The outside world says a message again that it said long ago, if the customer can still be reached. */
  readonly repeatMessage: (threadId: string, id: string) => void;
  readonly rename: (alias: string, to: string) => void;
  readonly feedWallet: (partition: number, id: string) => void;
  readonly wakeConsumers: () => void;
  readonly addPod: () => Pod;
  readonly kill: (pod: Pod) => void;
  /** Every partition to one of these; former owners hear of it at some later step. */
  readonly rebalance: (among: readonly Pod[]) => void;
}

export function createWorld(seed: number, mutations: ReadonlySet<Mutation>): World {
  const scheduler = createScheduler(seeded(seed));
  const { later, random } = scheduler;
  const faults: Faults = { ...noFaults, held: new Map() };
  const violations: string[] = [];
  const violated = (what: string): void => {
    violations.push(`step ${scheduler.steps()}: ${what}`);
  };
  const observer = createObserver(violated);
  const mongo = createSimMongo(scheduler, faults, mutations, (collection, document) => {
    observer.onCommit(collection, document);
    if (document.gone) world.expected.erased.set(document.id, document.sequence);
  });
  const kafka = createSimKafka(scheduler, faults, PARTITIONS, (said) => {
    observer.onAppend(said);
    if (said.topic === 'wakes') wakeConsumers();
  });
  let waiters: (() => void)[] = [];
  let podCount = 0;
  /** As the outside world sees it: whom an alias means when a record is fed. */
  const meant = new Map<string, string>();
  const times = new Map<string, number>();

  function wakeConsumers(): void {
    const ready = waiters;
    waiters = [];
    for (const resolve of ready) resolve();
  }

  const world: World = {
    scheduler,
    faults,
    mutations,
    kafka,
    mongo,
    observer,
    violations,
    violated,
    wakeConsumers,
    isMended: false,
    longestPauseMs: 120_000,
    pods: [],
    transcript: createTranscript(observer, violated),
    rows: createRows(!mutations.has('15 rows without a guard')),
    aliases: createAliases(),
    logger: {
      warn: () => undefined,
      error: (_facts, message) => {
        if (message.startsWith('an update made')) violated('a torso was made');
      },
    },
    expected: {
      fed: new Map(),
      wallet: new Map(),
      commands: new Map(),
      settings: new Map(),
      poison: [],
      replayed: new Set(),
      erased: new Map(),
    },
    somethingNew: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
      }),
    feedThread(topic, alias, input, isRepeated = false) {
      const threadId = topic === 'm' ? (meant.get(alias) ?? alias) : alias;
      const { offset } = kafka.feed(topic, alias, { alias, input } satisfies Fed);
      const fed = world.expected.fed.get(threadId) ?? [];
      if (input.kind === 'message') times.set(input.id, input.at);
      if (!isRepeated) fed.push({ topic, id: input.id });
      world.expected.fed.set(threadId, fed);
      if (input.id.includes('x') && !world.isMended) {
        world.expected.poison.push({ topic, partition: kafka.partitionOf(alias), offset, fed: { alias, input } });
      }
      wakeConsumers();
    },
    repeatMessage(threadId, id) {
      if ((meant.get(threadId) ?? threadId) !== threadId) return;
      world.feedThread('m', threadId, { kind: 'message', id, at: times.get(id) ?? 0 }, true);
    },
    rename(alias, to) {
      meant.set(alias, to);
      kafka.feed('m', alias, { alias, renamedTo: to } satisfies Fed);
      wakeConsumers();
    },
    feedWallet(partition, id) {
      kafka.feed('w', `w${partition}`, { id });
      const fed = world.expected.wallet.get(partition) ?? [];
      fed.push(id);
      world.expected.wallet.set(partition, fed);
      wakeConsumers();
    },
    addPod() {
      const pod = createPod(world, `pod-${podCount++}`);
      world.pods.push(pod);
      return pod;
    },
    kill(pod) {
      pod.life.isAlive = false;
      world.pods.splice(world.pods.indexOf(pod), 1);
    },
    rebalance(among) {
      if (among.length === 0) return;
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        const owner = random.pick(among);
        const former = kafka.claims().get(partition)?.owner;
        const claim = kafka.assign(partition, owner.life.name);
        for (const pod of world.pods) {
          if (pod === owner || pod.life.name !== former) continue;
          later(pod.life, () => {
            if (kafka.claims().get(partition)?.owner !== pod.life.name) pod.give(partition);
          });
        }
        later(owner.life, () => {
          if (kafka.claims().get(partition)?.generation === claim.generation) owner.take(claim);
        });
      }
    },
  };
  return world;
}
