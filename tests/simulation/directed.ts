import { checkAtRest } from './final-checks.ts';
import { rest } from './history.ts';
import type { Mutation } from './mutations.ts';
import type { Pod } from './pod.ts';
import { createWorld, type World } from './world.ts';

/** A schedule that a seed would hardly find. Orderly: what is not held back happens in the order it was asked for. */
export type Schedule = (mutations: ReadonlySet<Mutation>) => Promise<readonly string[]>;

const LITTLE_MS = 300;

function open(mutations: ReadonlySet<Mutation>, podCount: number) {
  const world = createWorld(1, mutations);
  const { scheduler, faults } = world;
  scheduler.isOrderly = true;
  const pods = Array.from({ length: podCount }, () => world.addPod());
  return {
    world,
    pods: pods as [Pod, Pod, Pod],
    run: (waitMs = LITTLE_MS) => scheduler.run({ steps: 5_000, waitMs }),
    hold: (pod: Pod, call: string) => faults.held?.set(`${pod.life.name} ${call}`, []),
    release: (pod: Pod, call: string): void => {
      const requests = faults.held?.get(`${pod.life.name} ${call}`) ?? [];
      faults.held?.delete(`${pod.life.name} ${call}`);
      for (const request of requests) scheduler.later(null, request);
    },
  };
}

function order(world: World, pod: Pod, threadId: string, id: string): void {
  const command = { threadId, isAcknowledged: false };
  world.expected.commands.set(id, command);
  pod.threads.command(threadId, { kind: 'command', id }).then(
    () => {
      command.isAcknowledged = true;
    },
    () => undefined,
  );
}

function setting(world: World, pod: Pod, accountId: string, id: string): void {
  const one = { accountId, isAcknowledged: false };
  world.expected.settings.set(id, one);
  pod.accounts.command(accountId, { id }).then(
    () => {
      one.isAcknowledged = true;
    },
    () => undefined,
  );
}

async function atRest(world: World): Promise<readonly string[]> {
  await rest(world);
  checkAtRest(world);
  return world.violations;
}

/** Retention took the input away whose event was written and never published; its successor's owner must publish it. */
const inputGoneBeforePublished: Schedule = async (mutations) => {
  const { world, pods, run } = open(mutations, 1);
  const [first] = pods;
  world.rebalance([first]);
  world.kafka.isAway = true;
  world.feedThread('m', 'c0a', { kind: 'message', id: 'm1', at: 1 });
  await run();
  world.kill(first);
  const log = world.kafka.logOf('m', 0);
  log.records.shift();
  log.start = 1;
  world.kafka.isAway = false;
  world.feedThread('m', 'c0a', { kind: 'message', id: 'm2', at: 2 });
  return atRest(world);
};

/** A clear is slow; meanwhile another pod commits, and dies before it publishes. Nobody touches the thread again. */
const clearAfterAnothersCommit: Schedule = async (mutations) => {
  const { world, pods, run, hold, release } = open(mutations, 2);
  const [slow, dying] = pods;
  hold(slow, 'mongo.clear');
  order(world, slow, 'c0a', 'k1');
  await run();
  hold(dying, 'kafka.send');
  order(world, dying, 'c0a', 'k2');
  await run();
  world.kill(dying);
  release(slow, 'mongo.clear');
  await run();
  return atRest(world);
};

/** The same, but the clear falls between the other pod's read and its write. */
const clearBetweenReadAndWrite: Schedule = async (mutations) => {
  const { world, pods, run, hold, release } = open(mutations, 2);
  const [slow, dying] = pods;
  hold(slow, 'mongo.clear');
  order(world, slow, 'c0a', 'k1');
  await run();
  hold(dying, 'mongo.write');
  hold(dying, 'kafka.send');
  order(world, dying, 'c0a', 'k2');
  await run();
  release(slow, 'mongo.clear');
  await run();
  release(dying, 'mongo.write');
  await run();
  world.kill(dying);
  return atRest(world);
};

/** Two pods change one account; what the first says arrives after what the second says. */
const laterStateSaidFirst: Schedule = async (mutations) => {
  const { world, pods, run, hold, release } = open(mutations, 3);
  const [first, second, owner] = pods;
  world.rebalance([owner]);
  await run();
  hold(first, 'kafka.send');
  setting(world, first, 'n0a', 's1');
  await run();
  setting(world, second, 'n0a', 's2');
  await run();
  release(first, 'kafka.send');
  await run();
  checkAtRest(world);
  return world.violations;
};

/** An owner stands still between reading and sending; its successor has sent a newer state when it goes on. */
async function ownerStandsStill(mutations: ReadonlySet<Mutation>, isKilledAfterwards: boolean): Promise<World> {
  const { world, pods, run, hold, release } = open(mutations, 3);
  const [former, successor, client] = pods;
  world.rebalance([former]);
  await run();
  hold(former, 'kafka.send');
  setting(world, client, 'n0a', 's1');
  await run();
  former.life.isPaused = true;
  world.rebalance([successor]);
  setting(world, client, 'n0a', 's2');
  await run();
  release(former, 'kafka.send');
  await run();
  if (isKilledAfterwards) world.kill(former);
  former.life.isPaused = false;
  await run(isKilledAfterwards ? world.longestPauseMs * 1.2 : LITTLE_MS);
  return world;
}

const ownerRepairs: Schedule = async (mutations) => {
  const world = await ownerStandsStill(mutations, false);
  checkAtRest(world);
  return world.violations;
};

const successorRepairs: Schedule = async (mutations) => {
  const world = await ownerStandsStill(mutations, true);
  checkAtRest(world);
  return world.violations;
};

/** Kafka is away and clients go on. */
const commandsWhileKafkaIsAway: Schedule = async (mutations) => {
  const { world, pods, run } = open(mutations, 1);
  world.kafka.isAway = true;
  for (let count = 1; count <= 8; count += 1) {
    order(world, pods[0], 'c0a', `k${count}b`);
    await run();
  }
  return atRest(world);
};

/** A reader comes while an entry moves from the document into the transcript. */
const readWhileAnEntryMoves: Schedule = async (mutations) => {
  const { world, pods, run, hold, release } = open(mutations, 1);
  const [pod] = pods;
  hold(pod, 'mongo.project');
  order(world, pod, 'c0a', 'k1');
  await run();
  const isWrongOrder = mutations.has('transcript is read before the aggregate');
  const early = new Map(world.transcript.sequences('c0a'));
  const thread = isWrongOrder ? undefined : pod.threads.read('c0a');
  await run();
  release(pod, 'mongo.project');
  await run();
  const read = thread ?? pod.threads.read('c0a');
  await run();
  const found = new Set((isWrongOrder ? early : world.transcript.sequences('c0a')).keys());
  for (const { sequence } of (await read)?.entries ?? []) found.add(sequence);
  if (!found.has(1)) world.violated('the reader misses what moved');
  return world.violations;
};

export const schedules = {
  inputGoneBeforePublished,
  clearAfterAnothersCommit,
  clearBetweenReadAndWrite,
  laterStateSaidFirst,
  ownerRepairs,
  successorRepairs,
  commandsWhileKafkaIsAway,
  readWhileAnEntryMoves,
} as const satisfies Record<string, Schedule>;

export type ScheduleName = keyof typeof schedules;
