import { type Aggregates, type Applied, type LogInput, type Project } from '@switchboard/aggregates';
import { createCompacted, createRuntime, type Mutations } from '@switchboard/aggregates/testing';
import { overTheNetwork } from './calls.ts';
import {
  type Account,
  accountDefinition,
  encodeAccount,
  type Thread,
  threadDefinition,
  type ThreadInput,
  type Wallet,
  walletDefinition,
} from './domain.ts';
import type { Life } from './scheduler.ts';
import type { Claim, SimRecord } from './sim-kafka.ts';
import type { World } from './world.ts';

/** An input of the log as it is fed: its customer is an alias that may come to mean somebody else (rule 10). */
export type Fed =
  | { readonly alias: string; readonly input: ThreadInput }
  /** From here on the alias means another customer. */
  | { readonly alias: string; readonly renamedTo: string };

/** One process of the service under test. */
export interface Pod {
  readonly life: Life;
  readonly threads: Aggregates<Thread, ThreadInput, 'applied' | 'known'>;
  readonly wallets: Aggregates<Wallet, { readonly id: string }, null>;
  readonly accounts: Aggregates<Account, { readonly id: string }, null>;
  readonly take: (claim: Claim) => void;
  readonly give: (partition: number) => void;
}

export const accountIds = ['n0a', 'n1a'];

export function createPod(world: World, name: string): Pod {
  const { scheduler, kafka, mongo, faults, mutations } = world;
  const { random } = scheduler;
  const life: Life = { name, isAlive: true, isPaused: false };
  const held = new Map<number, AbortController>();
  const common = {
    publish: (events: Parameters<typeof kafka.send>[1]) => kafka.send(life, events),
    clock: scheduler.clockOf(life),
    random: random.next,
    cacheSize: 4,
    overlap: 3,
    sweepEveryMs: 5_000,
    leftAfterMs: 10_000,
    longestPauseMs: world.longestPauseMs,
    logger: world.logger,
  };
  const runtimeMutations = mutations as ReadonlySet<string> as Mutations;

  /** Transcript and list rows; what arrives there is there. */
  const project: Project<Thread> = (written) =>
    overTheNetwork(scheduler, faults, life, 'mongo.project', () => {
      for (const one of written) world.transcript.insert(one);
      for (const one of written) world.rows.upsert(one);
    });

  const threads = createRuntime(
    {
      ...common,
      definition: threadDefinition({
        isMended: () => world.isMended,
        remembersSources: !mutations.has('15 memory apart from the effect'),
        looksIntoTranscript: !mutations.has('16 no look into the transcript'),
      }),
      store: mongo.storeOf('threads', life),
      project,
      wipe: (id, upTo) =>
        overTheNetwork(scheduler, faults, life, 'mongo.wipe', () => {
          world.transcript.wipe(id, upTo);
        }),
    },
    runtimeMutations,
  );
  const wallets = createRuntime(
    { ...common, keep: 'all', definition: walletDefinition, store: mongo.storeOf('wallets', life) },
    runtimeMutations,
  );
  const accounts = createRuntime(
    {
      ...common,
      definition: accountDefinition(!mutations.has('14 commands publish the state themselves')),
      store: mongo.storeOf('accounts', life),
    },
    runtimeMutations,
  );
  const numbers = createCompacted<Account>(
    {
      ...common,
      read: (ids) => Promise.all(ids.map((id) => accounts.read(id))),
      idsOf: async function* (partition) {
        await Promise.resolve();
        for (const id of accountIds) if (kafka.partitionOf(id) === partition) yield id;
      },
      encode: (id, snapshot) => encodeAccount(id, snapshot?.state),
    },
    runtimeMutations,
  );

  const codeOf = (topic: string): string =>
    mutations.has('12 code without the generation') ? topic : `${topic}${kafka.generationOf(topic)}`;

  /** Where reading starts: the committed offset, or, where that is gone, what is left of the log. */
  async function startOf(topic: string, partition: number): Promise<{ committed: number; position: number }> {
    const committed = await kafka.committed(life, topic, partition);
    const log = kafka.logOf(topic, partition);
    const end = kafka.endOf(topic, partition);
    const reset = mutations.has('13 out of range goes to the end') ? end : log.start;
    const position = committed === undefined || committed < log.start || committed > end ? reset : committed;
    return {
      committed: mutations.has('2 done is the position after a reset') ? position : (committed ?? 0),
      position,
    };
  }

  /** Reads topics of one partition, in turns, in chunks of any size, and commits what is done. */
  async function consume(
    topics: readonly string[],
    claim: Claim,
    signal: AbortSignal,
    assign: (committed: ReadonlyMap<string, number>) => void,
    handle: (topic: string, records: readonly SimRecord[]) => Promise<Applied>,
  ): Promise<void> {
    const { partition } = claim;
    const positions = new Map<string, number>();
    const committed = new Map<string, number>();
    for (const topic of topics) {
      const start = await startOf(topic, partition);
      positions.set(topic, start.position);
      committed.set(codeOf(topic), start.committed);
    }
    if (isOver(signal)) return;
    assign(committed);
    const undone = new Map(topics.map((topic) => [topic, [] as { upTo: number; isDone: boolean }[]]));

    while (!isOver(signal)) {
      const topic = random.pick(topics);
      const position = positions.get(topic) ?? 0;
      const records = await kafka.fetch(life, topic, partition, position, 1 + random.int(4));
      if (isOver(signal)) return;
      if (records.length === 0) {
        const isAtEnd = topics.every((one) => kafka.endOf(one, partition) <= (positions.get(one) ?? 0));
        if (isAtEnd) await world.somethingNew();
        continue;
      }
      const { done } = await handle(topic, records);
      const upTo = position + records.length;
      positions.set(topic, upTo);
      const mark = { upTo, isDone: false };
      const queue = undone.get(topic) ?? [];
      queue.push(mark);
      done.then(
        () => {
          mark.isDone = true;
          let last: number | undefined;
          while (queue[0]?.isDone) last = queue.shift()?.upTo;
          if (last !== undefined && !signal.aborted) kafka.commit(life, claim, topic, last).catch(() => undefined);
        },
        () => undefined,
      );
    }
  }

  async function resolve(
    topic: string,
    partition: number,
    { offset, input }: SimRecord,
  ): Promise<LogInput<ThreadInput> | null> {
    const position = { code: codeOf(topic), partition, offset };
    const fed = input as Fed;
    if ('renamedTo' in fed) {
      world.aliases.rename(fed.alias, fed.renamedTo, offset, kafka.generationOf(topic));
      return null;
    }
    const aggregateId = mutations.has('10 aliases as of now')
      ? world.aliases.now(fed.alias)
      : world.aliases.asOf(fed.alias, topic === 'm' ? offset : -1, kafka.generationOf(topic));
    if (fed.input.kind !== 'message') return { aggregateId, position, input: fed.input };
    const isInTranscript = await overTheNetwork(
      scheduler,
      { lost: 0, unanswered: 0, late: 0 },
      life,
      'mongo.look',
      () => world.transcript.has(aggregateId, fed.input.id),
    );
    return { aggregateId, position, input: { ...fed.input, isInTranscript } };
  }

  function take(claim: Claim): void {
    const { partition } = claim;
    held.get(partition)?.abort();
    const controller = new AbortController();
    held.set(partition, controller);
    const { signal } = controller;
    const quietly = (running: Promise<void>): void => {
      running.catch((error: unknown) => {
        if (!signal.aborted) world.violated(`a consumer ended: ${String(error)}`);
      });
    };
    quietly(
      consume(
        ['m', 's'],
        claim,
        signal,
        (committed) => {
          threads.assigned(partition, committed);
        },
        async (topic, records) => {
          const inputs: LogInput<ThreadInput>[] = [];
          for (const record of records) {
            const input = await resolve(topic, partition, record);
            if (input) inputs.push(input);
          }
          return threads.apply(inputs, signal);
        },
      ),
    );
    quietly(
      consume(
        ['w'],
        claim,
        signal,
        (committed) => {
          wallets.assigned(partition, committed);
        },
        async (topic, records) => {
          const inputs = records.map(({ offset, input }) => ({
            aggregateId: 'w0',
            position: { code: codeOf(topic), partition, offset },
            input: input as { readonly id: string },
          }));
          return wallets.apply(inputs, signal);
        },
      ),
    );
    quietly(
      consume(
        ['wakes'],
        claim,
        signal,
        () => {
          quietly(numbers.takeOver(partition, signal));
        },
        async (_topic, records) => {
          await numbers.wake(
            partition,
            records.map(({ key }) => key),
            signal,
          );
          return { done: Promise.resolve() };
        },
      ),
    );
  }

  function give(partition: number): void {
    held.get(partition)?.abort();
    held.delete(partition);
    void threads.revoked(partition);
    void wallets.revoked(partition);
  }

  for (const one of [threads, wallets, accounts]) void one.start();
  return { life, threads, wallets, accounts, take, give };
}

/** Asked through a function because it changes while others are awaited. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;
