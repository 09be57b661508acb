import { Failure } from '@switchboard/errors';
import { readFlow } from '../../domain/flow/read-flow.js';
import { defaultFlow, type Flow } from '../../domain/flow/settings.js';
import type { BrandFlows, Monotonic, SettingsVersion } from './ports.js';

/** The flows of brands, for the hot path. */
export interface Flows {
  /**
   * The flow of each of these brands, the defaults for one that has set nothing; at most `MAX_AGE_MS` old. Costs one
   * small read a second, whatever the number of messages and brands: all brands in use are looked after together.
   * Throws `unavailable` while the store is away, for nobody knows then what holds.
   */
  readonly current: (brandIds: Iterable<string>) => Promise<ReadonlyMap<string, Flow>>;
  /** The brand's flow of this version or a newer one. Throws `invalid` when there is none: nobody made that version. */
  readonly atLeast: (brandId: string, version: number) => Promise<Flow>;
}

/** CH-9 says “from the next message”: one that comes within this time may still be handled by the version before. */
export const MAX_AGE_MS = 1_000;

interface Kept {
  readonly flow: Flow;
  /** When the read began that showed it. */
  readonly asOf: number;
  /** When somebody last asked for it. */
  readonly usedAt: number;
}

/** What nobody has asked for as long is not in use. */
const FORGET_MS = 10 * MAX_AGE_MS;

export function createFlows(deps: { store: BrandFlows; monotonic: Monotonic; observe: { read: () => void } }): Flows {
  const { store, monotonic, observe } = deps;
  const kept = new Map<string, Kept>();
  let loading: Promise<void> | undefined;

  const keep = (flow: Flow, asOf: number, usedAt: number): void => {
    const known = kept.get(flow.brandId);
    const newest = known && known.flow.version > flow.version ? known.flow : flow;
    kept.set(flow.brandId, { flow: newest, asOf, usedAt: Math.max(usedAt, known?.usedAt ?? usedAt) });
  };

  /** Reads these anew, and with them all that are in use; the others are forgotten. */
  async function load(asked: readonly string[]): Promise<void> {
    const asOf = monotonic();
    for (const [brandId, { usedAt }] of kept) if (usedAt < asOf - FORGET_MS) kept.delete(brandId);
    const brandIds = [...new Set([...asked, ...kept.keys()])];
    const known = brandIds.map((brandId) => kept.get(brandId)?.flow ?? defaultFlow(brandId));
    observe.read();
    const newer = new Map((await store.newerThan(known)).map((version) => [version.brandId, version]));
    for (const flow of known) {
      const version = newer.get(flow.brandId);
      // Those that were asked for are in use: who asked comes to look in a moment, and others may read meanwhile.
      keep(version ? flowOf(version) : flow, asOf, asked.includes(flow.brandId) ? asOf : -Infinity);
    }
  }

  async function fresh(brandIds: readonly string[], since: number): Promise<void> {
    for (;;) {
      const missing = brandIds.filter((brandId) => (kept.get(brandId)?.asOf ?? -Infinity) < since);
      if (missing.length === 0) return;
      loading ??= load(missing).finally(() => {
        loading = undefined;
      });
      await loading;
    }
  }

  return {
    async current(asked) {
      const brandIds = [...new Set(asked)];
      await fresh(brandIds, monotonic() - MAX_AGE_MS);
      return new Map(
        brandIds.map((brandId) => {
          const found = kept.get(brandId);
          if (found) kept.set(brandId, { ...found, usedAt: monotonic() });
          return [brandId, found?.flow ?? defaultFlow(brandId)];
        }),
      );
    },
    async atLeast(brandId, version) {
      const known = kept.get(brandId)?.flow ?? defaultFlow(brandId);
      if (known.version >= version) return known;
      const asOf = monotonic();
      observe.read();
      const [newest] = await store.newerThan([known]);
      if (!newest || newest.version < version) {
        throw new Failure(
          'invalid',
          'routing.no-such-settings',
          `brand ${brandId} has no settings of version ${version}`,
        );
      }
      const flow = flowOf(newest);
      keep(flow, asOf, asOf);
      return flow;
    },
  };
}

export const flowOf = ({ brandId, version, settings }: SettingsVersion): Flow =>
  readFlow({ brandId, version }, settings).flow;
