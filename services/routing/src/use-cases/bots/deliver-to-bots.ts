import type { AttachedBot, SealedSecret } from '../../domain/bots/attached-bot.js';
import type { PauseUntil, PostWebhook, Vault } from './ports.js';
import type { CurrentBots } from './current-bots.js';
import type { Monotonic } from '../settings/ports.js';
import { allDone, createThreadLanes } from './thread-lanes.js';

/** What happened in a thread, as a bot may hear of it. */
export interface BotNews {
  readonly threadId: string;
  readonly number: string;
  readonly organisationId: string;
  /** Empty = no bot attends to the chat. */
  readonly botId: string;
  /** The bot has the chat no longer: what it has not heard by now is of little use to it. */
  readonly isLast: boolean;
  readonly eventId: string;
  /** Made when it is sent. */
  readonly body: () => string;
}

/**
 * Delivers news to the webhooks of bots (BT-1, BT-2); resolves when each was taken or given up. In order within a
 * thread; threads do not wait for each other, except that a bot gets so many calls at a time. Rejects when the signal
 * aborts first: then the news have to be given again.
 */
export type DeliverToBots = (news: readonly BotNews[], signal: AbortSignal) => Promise<void>;

export type DeliveryEnd = 'delivered' | 'gone' | 'refused' | 'given-up' | 'nobody';

/** People get a chat that a bot leaves alone, so an event is worth no more patience than this. */
export const GIVE_UP_AFTER_MS = 120_000;
const CALLS_AT_A_TIME = 16;
const LONGEST_WAIT_MS = 30_000;

/** 1, 2, 4 … 30 s. */
export const usualWaitMs = (attempt: number): number => Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (attempt - 1));

export function createDeliverToBots(deps: {
  bots: CurrentBots;
  stopBot: (bot: AttachedBot) => Promise<void>;
  vault: Pick<Vault, 'open'>;
  post: PostWebhook;
  pause: PauseUntil;
  monotonic: Monotonic;
  waitMs?: (attempt: number) => number;
  observe: (
    ended: DeliveryEnd,
    facts: { readonly eventId: string; readonly botId: string; readonly reason: string },
  ) => void;
}): DeliverToBots {
  const { bots, stopBot, vault, post, pause, monotonic, waitMs = usualWaitMs, observe } = deps;
  const lanes = createThreadLanes();
  const turns = createTurns(CALLS_AT_A_TIME);
  /** Of threads with news under way: aborts when the bot has the chat no longer. */
  const under = new Map<string, { readonly over: AbortController; left: number }>();

  async function deliver(news: BotNews, over: AbortSignal, signal: AbortSignal): Promise<void> {
    const until = monotonic() + GIVE_UP_AFTER_MS;
    await lanes.run(news.threadId, async () => {
      for (let attempt = 1; ; attempt += 1) {
        const { ended, reason = '', waitAtLeastMs = 0 } = await turns(news.number, () => tryOnce(news, signal));
        signal.throwIfAborted();
        const wait = Math.max(waitMs(attempt), waitAtLeastMs);
        const isGivenUp = over.aborted || monotonic() + wait > until;
        if (ended !== undefined || isGivenUp) {
          observe(ended ?? 'given-up', { eventId: news.eventId, botId: news.botId, reason });
          return;
        }
        await pause(wait, AbortSignal.any([signal, over]));
      }
    });
  }

  async function tryOnce(news: BotNews, signal: AbortSignal): Promise<Tried> {
    signal.throwIfAborted();
    const bot = await botOf(news, signal);
    if (!bot?.secret || bot.isStopped || bot.webhookUrl === '') return { ended: 'nobody' };
    const secret = opened(bot.secret);
    if (secret === undefined) return { reason: 'its secret cannot be opened: TOKEN_ENCRYPTION_KEY lacks the key' };
    const outcome = await post({ url: bot.webhookUrl, secret, id: news.eventId, body: news.body(), signal });
    switch (outcome.kind) {
      case 'delivered':
        return { ended: 'delivered' };
      case 'refused':
        return { ended: 'refused', reason: outcome.reason };
      case 'gone':
        await stopBot(bot);
        return { ended: 'gone' };
      case 'failed':
        return { reason: outcome.reason, waitAtLeastMs: outcome.retryAfterMs ?? 0 };
    }
  }

  /** While the store is away nobody knows whether there is a bot: that is no fault of the bot's, and is waited for. */
  async function botOf({ number, botId, organisationId }: BotNews, signal: AbortSignal) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const bot = (await bots.of([number])).get(number);
        return bot?.botId === botId && bot.organisationId === organisationId ? bot : undefined;
      } catch {
        await pause(waitMs(attempt), signal);
        signal.throwIfAborted();
      }
    }
  }

  function opened(secret: SealedSecret): string | undefined {
    try {
      return vault.open(secret);
    } catch {
      return undefined;
    }
  }

  /** What a thread's lane still holds gets one attempt, and no more waiting. */
  function hurry(threadId: string): void {
    under.get(threadId)?.over.abort();
    under.delete(threadId);
  }

  return async function deliverToBots(all, signal) {
    const works = all.flatMap((news) => {
      const { threadId, botId, isLast } = news;
      if (botId === '' || isLast) hurry(threadId);
      if (botId === '') return [];
      const lane = under.get(threadId) ?? { over: new AbortController(), left: 0 };
      lane.left += 1;
      under.set(threadId, lane);
      return deliver(news, lane.over.signal, signal).finally(() => {
        lane.left -= 1;
        if (lane.left === 0 && under.get(threadId) === lane) under.delete(threadId);
      });
    });
    await allDone(works);
  };
}

/** How an attempt ended; without an end another may do. */
interface Tried {
  readonly ended?: DeliveryEnd;
  readonly reason?: string;
  readonly waitAtLeastMs?: number;
}

/** At most so many at a time for each key; the others wait in the order they came. */
function createTurns(most: number) {
  const queues = new Map<string, { running: number; readonly waiting: (() => void)[] }>();
  return async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = queues.get(key) ?? { running: 0, waiting: [] };
    queues.set(key, queue);
    if (queue.running < most) queue.running += 1;
    else await new Promise<void>((resolve) => queue.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.waiting.shift();
      if (next) next();
      else if ((queue.running -= 1) === 0) queues.delete(key);
    }
  };
}
