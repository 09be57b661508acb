import type { Clock } from '../clock.js';
import type { Faults } from '../faults.js';
import { between, type Draw, type Random } from '../random.js';
import type { Answer, Callback, Receiver } from './callback.js';
import { sourceOf, toBody, type Update } from './envelope.js';
import { toBytes } from './sign.js';

/** One body on its way to the receiver. */
export interface Post {
  readonly id: number;
  readonly at: number;
  readonly updates: number;
  readonly bytes: Buffer;
  /** The post this one repeats. */
  readonly duplicate_of?: number;
  readonly attempts: { readonly at: number; readonly http: number }[];
  state: 'waiting' | 'delivered' | 'dropped';
}

/** Posts answered with anything but 200 come again: at once, then with growing gaps, for seven days. */
export const retryGapsMs = [0, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

const GIVE_UP_MS = 7 * 24 * 3_600_000;
const KEPT_POSTS = 1000;

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(deps: {
  clock: Clock;
  random: Random;
  receiver: Receiver;
  faultsOf: (phoneNumberId: string) => Faults;
  callbackOf: (update: Update) => Callback | undefined;
  isVerified: (callback: Callback) => boolean;
  gapsMs: readonly number[];
  changed: () => void;
}) {
  const { clock } = deps;
  const posts: Post[] = [];
  const gathering = new Map<string, Update[]>();
  const held: (() => void)[] = [];
  let counter = 0;
  let world = 0;
  let waiting = 0;

  const thrown = new Map<string, number>();
  /** Dice for the next post or update of a number. */
  function luck(kind: string, phoneNumberId: string): Draw {
    const key = `${kind}|${phoneNumberId}`;
    const count = (thrown.get(key) ?? 0) + 1;
    thrown.set(key, count);
    return deps.random(key, count);
  }

  async function gather(update: Update): Promise<void> {
    const callback = deps.callbackOf(update);
    if (!callback) return;
    const faults = deps.faultsOf(sourceOf(update));
    if (faults.batch_max <= 1) {
      await send([update]);
      return;
    }
    const gathered = gathering.get(callback.url) ?? [];
    gathering.set(callback.url, gathered);
    gathered.push(update);
    if (gathered.length >= faults.batch_max) await flush(callback.url, gathered);
    else if (gathered.length === 1) clock.at(clock.now() + faults.batch_ms, () => flush(callback.url, gathered));
  }

  async function flush(url: string, gathered: Update[]): Promise<void> {
    if (gathering.get(url) !== gathered) return;
    gathering.delete(url);
    await send(gathered);
  }

  async function send(updates: readonly Update[]): Promise<void> {
    const [first] = updates;
    if (!first) return;
    const faults = deps.faultsOf(sourceOf(first));
    const post = keep({ at: clock.now(), updates: updates.length, bytes: toBytes(toBody(updates)) });
    const draw = luck('post', sourceOf(first));
    if (draw() < faults.duplicates) {
      const again = keep({ at: post.at, updates: post.updates, bytes: post.bytes, duplicate_of: post.id });
      clock.at(post.at + between(draw, [0, faults.reorder_ms]), () => attempt(first, again));
    }
    await attempt(first, post);
  }

  function keep(given: Omit<Post, 'id' | 'attempts' | 'state'>): Post {
    const post: Post = { id: (counter += 1), ...given, attempts: [], state: 'waiting' };
    posts.push(post);
    if (posts.length > KEPT_POSTS) posts.shift();
    waiting += 1;
    return post;
  }

  /** The address is looked up for each attempt: one that was changed in the meantime gets the retries too. */
  async function attempt(first: Update, post: Post): Promise<void> {
    const callback = deps.callbackOf(first);
    if (callback && !deps.isVerified(callback)) {
      held.push(() => clock.at(clock.now(), () => attempt(first, post)));
      return;
    }
    if (!callback) {
      post.state = 'dropped';
      waiting -= 1;
      return;
    }
    const postedIn = world;
    const answer = await deps.receiver.post(callback, post.bytes);
    // Whoever started anew meanwhile has forgotten this post.
    if (postedIn !== world) return;
    post.attempts.push({ at: clock.now(), http: answer.http });
    const isOver = clock.now() - post.at > GIVE_UP_MS;
    if (answer.http === 200 || isOver) {
      post.state = answer.http === 200 ? 'delivered' : 'dropped';
      waiting -= 1;
    } else {
      const gapMs = deps.gapsMs[Math.min(post.attempts.length, deps.gapsMs.length) - 1] ?? 60_000;
      clock.at(clock.now() + gapMs, () => attempt(first, post));
    }
    deps.changed();
  }

  return {
    posts,
    waiting: () => waiting,
    /** Tells the receiver of an update when it is due, unless a fault holds it back. */
    tell(update: Update, dueMs: number): void {
      const faults = deps.faultsOf(sourceOf(update));
      const draw = luck('update', sourceOf(update));
      const heldBackMs = draw() < faults.reorder ? between(draw, [0, faults.reorder_ms]) : 0;
      clock.at(dueMs + between(draw, faults.webhook_delay_ms) + heldBackMs, () => gather(update));
    },
    /** Lets go what waited for the receiver to be verified. */
    release() {
      for (const resume of held.splice(0)) resume();
    },
    /** Posts these bytes as they are, signed, once. */
    raw: (callback: Callback, bytes: Buffer, signature?: string): Promise<Answer> =>
      deps.receiver.post(callback, bytes, signature),
    clear() {
      posts.length = 0;
      gathering.clear();
      held.length = 0;
      thrown.clear();
      counter = 0;
      world += 1;
      waiting = 0;
    },
  };
}
