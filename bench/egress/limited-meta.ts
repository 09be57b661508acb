import { type Answer, wamid } from './neighbours.ts';

export interface Arrival {
  readonly number: string;
  /** Whom it was for. */
  readonly phone: string;
  readonly at: number;
  readonly isTaken: boolean;
}

/** Calls take so long on their way back. */
const ANSWER_MS = 60;

/** A Meta that refuses what is above a number's throughput: a bucket of one second's worth, as many sources have seen it. */
export function createLimitedMeta(perSecond: ReadonlyMap<string, number>) {
  const arrivals: Arrival[] = [];
  const buckets = new Map<string, { tokens: number; at: number }>();
  const limits = new Map(perSecond);

  function take(number: string, at: number): boolean {
    const limit = limits.get(number) ?? Infinity;
    const { tokens, at: before } = buckets.get(number) ?? { tokens: limit, at };
    const now = Math.min(limit, tokens + ((at - before) * limit) / 1_000);
    const isTaken = now >= 1;
    buckets.set(number, { tokens: isTaken ? now - 1 : now, at });
    return isTaken;
  }

  const answer: Answer = (url, body, say) => {
    const [, , number = '', edge = ''] = /^\/(v[\d.]+)\/(\d+)(\/messages)?/.exec(url) ?? [];
    if (edge === '') {
      say(200, { id: number, throughput: { level: 'STANDARD' } });
      return;
    }
    const at = performance.timeOrigin + performance.now();
    const isTaken = take(number, at);
    const { to = '' } = JSON.parse(body) as { to?: string };
    arrivals.push({ number, phone: to.replace('+', ''), at, isTaken });
    setTimeout(() => {
      if (isTaken) say(200, wamid(arrivals.length));
      else say(429, { error: { message: '(#130429) Rate limit hit', type: 'OAuthException', code: 130_429 } });
    }, ANSWER_MS);
  };

  return {
    answer,
    arrivals,
    /** Meta allows another rate from now on. */
    allow: (number: string, limit: number) => limits.set(number, limit),
  };
}
