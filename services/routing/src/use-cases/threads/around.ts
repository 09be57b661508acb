import { defaultFlow } from '../../domain/flow/settings.js';
import type { Owner } from '../../domain/spans.js';
import type { Around } from '../../domain/thread-inputs.js';
import type { Flows } from '../settings/flows.js';
import type { Bots, Clock } from '../ports.js';

/** Where an input happens: the number, and whose it was. */
export interface Place {
  readonly number: string;
  readonly owner: Owner | null;
}

/** What holds around inputs now: the settings of their brands, the bots of their numbers, the time. */
export type LookAround = (places: readonly Place[]) => Promise<(place: Place) => Around>;

export function createLookAround(deps: {
  flows: Pick<Flows, 'current'>;
  bots: Bots;
  brandName: (brandId: string) => string;
  now: Clock;
}): LookAround {
  const { flows, bots, brandName, now } = deps;
  return async function lookAround(places) {
    const owned = places.filter(({ owner }) => owner !== null);
    const [flowOf, botOf] = await Promise.all([
      flows.current(new Set(owned.flatMap(({ owner }) => owner?.brandId ?? []))),
      bots.of([...new Set(owned.map(({ number }) => number))]),
    ]);
    const at = now();
    return ({ number, owner }) => {
      if (!owner) return bare(at);
      const { brandId } = owner;
      const flow = flowOf.get(brandId) ?? defaultFlow(brandId);
      return { now: at, flow, brandName: brandName(brandId), bot: botOf.get(number) ?? null };
    };
  };
}

/** For what looks at no settings. */
export const bare = (now: Date): Around => ({ now, flow: defaultFlow(''), brandName: '', bot: null });
