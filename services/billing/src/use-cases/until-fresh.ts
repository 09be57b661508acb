import { Failure } from '@switchboard/errors';
import { type Observer } from './ports.js';

/** An aggregate has let go of what the look-up may have missed; everything up to `tailFrom` is written out. */
interface Stale {
  readonly kind: 'stale';
  readonly tailFrom: number;
}

const MAX_TRIES = 10;

/**
 * Asks aggregates that keep only the newest of what they must not do twice, and have the rest written out. Who asks looks the
 * rest up first, knowing that all up to `upTo` is there to be found; when the aggregate has let go of more meanwhile, both are done
 * again.
 */
export function createUntilFresh(observer: Pick<Observer, 'stale'>) {
  /** Where tails began when they were last seen. */
  const tails = new Map<string, number>();

  return async function untilFresh<Answer extends { readonly kind: string }>(
    id: string,
    ask: (upTo: number) => Promise<Answer | Stale>,
  ): Promise<Exclude<Answer, Stale>> {
    for (let tried = 0; tried < MAX_TRIES; tried += 1) {
      const upTo = tails.get(id) ?? 0;
      const answer = await ask(upTo);
      if (!isStale(answer)) return answer as Exclude<Answer, Stale>;
      observer.stale();
      tails.set(id, Math.max(upTo, answer.tailFrom));
    }
    throw new Failure('unavailable', 'billing.busy', 'it changes faster than it can be read; try again', {
      retryAfterMs: 200,
    });
  };
}

const isStale = (answer: { readonly kind: string }): answer is Stale => answer.kind === 'stale';
