import { noFaults } from './calls.ts';
import type { ThreadInput } from './domain.ts';
import { checkAtRest } from './final-checks.ts';
import type { Mutation } from './mutations.ts';
import { accountIds, type Pod } from './pod.ts';
import { createWorld, type World } from './world.ts';

const STEPS = 60_000;
/** Messages to these; the last one is erased in some histories and so gets nothing that is repeated. */
const threadIds = ['c0a', 'c0b', 'c1a'];
const ERASABLE = 'c1e';

export interface History {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly steps: number;
}

/** One random history: the same seed, the same history, the same verdict. */
export async function runHistory(seed: number, mutations: ReadonlySet<Mutation> = new Set()): Promise<History> {
  const world = createWorld(seed, mutations);
  const { random } = world.scheduler;
  world.addPod();
  world.addPod();
  if (random.chance(0.5)) world.addPod();
  // Fed before anybody has ever committed an offset: reading starts at the beginning (rule 13).
  for (let early = 0; early < 2; early += 1) feed(world, early);
  world.rebalance(world.pods);

  await phase(world, 20 + random.int(30));
  if (world.violations.length === 0) await second(world);
  if (world.violations.length === 0) checkAtRest(world);
  return { seed, violations: world.violations, steps: world.scheduler.steps() };
}

/** The bug is mended, what was set aside is replayed, old messages come again, a topic may start anew. */
async function second(world: World): Promise<void> {
  const { random } = world.scheduler;
  world.isMended = true;
  if (random.chance(0.3)) recreateMessages(world);
  else replay(world);
  repeatOld(world);
  await phase(world, 10 + random.int(20));
}

async function phase(world: World, actions: number): Promise<void> {
  const { scheduler, violations } = world;
  turnFaultsOn(world);
  let left = actions;
  const act = (): void => {
    if (left <= 0 || violations.length > 0) return;
    left -= 1;
    disturb(world, left);
    scheduler.later(null, act);
  };
  scheduler.later(null, act);
  while (left > 0 && violations.length === 0) {
    await scheduler.run({ steps: 2_000, waitMs: 30_000 });
  }
  await rest(world);
}

function turnFaultsOn({ faults, scheduler }: World): void {
  const { random } = scheduler;
  // Some histories are calm, so that what is rare elsewhere has time to happen.
  const level = random.pick([0, 0.02, 0.08]);
  Object.assign(faults, { lost: level, unanswered: level, late: level });
  scheduler.impatience = random.pick([0, 0.02, 0.1]);
}

/** The world is kind again: everything that can still happen happens. */
export async function rest(world: World): Promise<void> {
  const { scheduler, faults, kafka, pods, longestPauseMs, violations, violated } = world;
  Object.assign(faults, noFaults);
  scheduler.impatience = 0;
  kafka.isAway = false;
  for (const { life } of pods) life.isPaused = false;
  if (pods.length === 0) world.addPod();
  world.rebalance(pods);
  const isAtRest = await scheduler.run({ steps: STEPS, waitMs: longestPauseMs * 1.5 });
  if (!isAtRest && violations.length === 0) violated('nothing comes to rest');
}

/** One thing that happens: somebody wants something, or something breaks. */
function disturb(world: World, step: number): void {
  const { scheduler, pods, kafka, mongo } = world;
  const { random } = scheduler;
  const dice = random.next();
  if (dice < 0.4) feed(world, step);
  else if (dice < 0.58) order(world, `k${step}-${scheduler.steps()}`, threadIds);
  else if (dice < 0.64) setting(world, `s${step}-${scheduler.steps()}`);
  else if (dice < 0.7) readTranscript(world);
  else if (dice < 0.73) erase(world);
  else if (dice < 0.81) world.rebalance(pods);
  else if (dice < 0.86) crash(world);
  else if (dice < 0.92) pause(world);
  else if (dice < 0.96) mongo.failover();
  else kafka.isAway = !kafka.isAway;
}

function feed(world: World, step: number): void {
  const { random, now } = world.scheduler;
  const at = now() * 1_000 + world.scheduler.steps();
  // x: poison; t: arms a timer; b: a big event.
  const mark = !world.isMended && random.chance(0.04) ? 'x' : random.chance(0.3) ? 't' : random.chance(0.08) ? 'b' : '';
  const id = `${step}-${world.scheduler.steps()}${mark}`;
  const dice = random.next();
  if (dice < 0.2) world.feedWallet(random.int(2), `w${id}`);
  else if (dice < 0.24) world.rename('c0b', random.pick(['c0a', 'c0b']));
  else if (dice < 0.4) fact(world, id);
  else {
    const message: ThreadInput = { kind: 'message', id: `m${id}`, at };
    const alias = mark === 'x' ? random.pick(['c0a', 'c1a']) : random.pick([...threadIds, ERASABLE]);
    for (let more = random.chance(0.2) ? 3 : 0; more > 0; more -= 1) {
      world.feedThread('m', alias, { ...message, id: `m${id}+${more}` });
    }
    world.feedThread('m', alias, message);
    if (alias !== ERASABLE && random.chance(0.1)) world.feedThread('m', alias, message, true);
  }
}

/** An event of another aggregate, with its sequence; told at least once. */
function fact(world: World, id: string): void {
  const { random } = world.scheduler;
  const threadId = random.pick(threadIds);
  const source = `src-${threadId}`;
  const sequence = (world.expected.fed.get(threadId) ?? []).filter(({ topic }) => topic === 's').length + 1;
  const input: ThreadInput = { kind: 'fact', id: `f${id}`, source, sequence };
  world.feedThread('s', threadId, input);
  if (!id.includes('x') && random.chance(0.3)) world.feedThread('s', threadId, input, true);
}

/** A client with a command: it may give up, or come again with the same id, at any pod. */
function order(world: World, id: string, among: readonly string[], known?: string): void {
  const { scheduler, pods, expected } = world;
  const { random } = scheduler;
  if (pods.length === 0) return;
  const threadId = known ?? random.pick(among);
  const marked = known ? id : `${id}${random.chance(0.2) ? 't' : ''}`;
  const command = expected.commands.get(marked) ?? { threadId, isAcknowledged: false };
  expected.commands.set(marked, command);
  const again = (): void => {
    if (random.chance(0.6))
      scheduler.later(null, () => {
        order(world, marked, among, threadId);
      });
  };
  random
    .pick(pods)
    .threads.command(threadId, { kind: 'command', id: marked }, { timeoutMs: 500 + random.int(5_000) })
    .then(() => {
      command.isAcknowledged = true;
      if (random.chance(0.2)) again();
    }, again);
  if (random.chance(0.2)) again();
}

function setting(world: World, id: string): void {
  const { scheduler, pods, expected } = world;
  if (pods.length === 0) return;
  const accountId = scheduler.random.pick(accountIds);
  const one = { accountId, isAcknowledged: false };
  expected.settings.set(id, one);
  scheduler.random
    .pick(pods)
    .accounts.command(accountId, { id })
    .then(
      () => {
        one.isAcknowledged = true;
      },
      () => undefined,
    );
}

/** The aggregate first, then the transcript, joined by sequence: nothing may be missing. */
function readTranscript(world: World): void {
  const { scheduler, pods, transcript, expected, mutations, violated } = world;
  if (pods.length === 0) return;
  const { random, later } = scheduler;
  const threadId = random.pick(threadIds);
  const pod = random.pick(pods);
  const early = mutations.has('transcript is read before the aggregate')
    ? new Map(transcript.sequences(threadId))
    : undefined;
  pod.threads.read(threadId).then(
    (thread) => {
      later(pod.life, () => {
        if (!thread) return;
        const found = new Set((early ?? transcript.sequences(threadId)).keys());
        for (const { own, sequence } of thread.entries) if (own) found.add(sequence);
        for (let sequence = (expected.erased.get(threadId) ?? 0) + 1; sequence <= thread.sequence; sequence += 1) {
          if (!found.has(sequence)) violated(`a reader of ${threadId} misses ${sequence} of ${thread.sequence}`);
        }
      });
    },
    () => undefined,
  );
}

function erase(world: World): void {
  const { scheduler, pods, expected, mongo } = world;
  if (pods.length === 0 || expected.erased.has(ERASABLE)) return;
  const before = mongo.documents('threads').get(ERASABLE);
  if (!before) return;
  expected.erased.set(ERASABLE, 0);
  const attempt = (): void => {
    if (pods.length === 0) {
      scheduler.later(null, attempt);
      return;
    }
    scheduler.random
      .pick(pods)
      .threads.erase(ERASABLE)
      .catch(() => undefined);
  };
  attempt();
}

function crash(world: World): void {
  const { pods, scheduler } = world;
  if (pods.length === 0) return;
  const victim = scheduler.random.pick(pods);
  world.kill(victim);
  scheduler.later(null, () => {
    if (pods.length < 3 && (pods.length === 0 || scheduler.random.chance(0.7))) world.addPod();
    world.rebalance(pods);
  });
}

/** A pod that stands still, keeps what it believes, and is replaced meanwhile: a zombie when it goes on. */
function pause(world: World): void {
  const { pods, scheduler } = world;
  const awake = pods.filter(({ life }) => !life.isPaused);
  if (awake.length < 2) return;
  const { life }: Pod = scheduler.random.pick(awake);
  life.isPaused = true;
  const others = pods.filter((pod) => !pod.life.isPaused);
  if (scheduler.random.chance(0.8)) world.rebalance(others);
  scheduler.clockOf({ name: 'outside', isAlive: true, isPaused: false }).after(scheduler.random.int(20_000), () => {
    life.isPaused = false;
  });
}

/** Replay makes new records: same ids, new offsets (rule 11). */
function replay(world: World): void {
  const { expected, kafka, mutations, pods } = world;
  for (const { topic, partition, offset, fed } of expected.poison.splice(0)) {
    if (!('input' in fed)) continue;
    expected.replayed.add(fed.input.id);
    if (mutations.has('11 replay with the old offset')) {
      const position = { code: `${topic}${kafka.generationOf(topic)}`, partition, offset };
      const inputs = [{ aggregateId: fed.alias, position, input: fed.input }];
      pods[0]?.threads.apply(inputs, new AbortController().signal).catch(() => undefined);
    } else world.feedThread(topic as 'm' | 's', fed.alias, fed.input, true);
  }
}

/** Somebody deletes and creates the topic of messages: its offsets start again, its generation is another (rule 12). */
function recreateMessages(world: World): void {
  world.kafka.recreate('m');
  for (const pod of [...world.pods]) world.kill(pod);
  world.addPod();
  world.addPod();
  world.rebalance(world.pods);
  world.expected.poison.splice(0);
}

/** Meta repeats for days: messages older than the ring come again (rule 16). */
function repeatOld(world: World): void {
  const { random } = world.scheduler;
  for (const threadId of threadIds) {
    const old = (world.expected.fed.get(threadId) ?? []).filter(({ topic, id }) => topic === 'm' && !id.includes('x'));
    if (old.length === 0) continue;
    const { id } = random.chance(0.5) ? (old[0] ?? random.pick(old)) : random.pick(old);
    world.repeatMessage(threadId, id);
  }
}
