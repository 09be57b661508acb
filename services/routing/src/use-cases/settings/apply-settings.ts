import type { Applied, Position } from '@switchboard/aggregates';
import type { Flows } from './flows.js';
import type { OpenThreads } from '../threads/open-threads.js';
import type { Bots, Clock, Threads } from '../ports.js';
import { partsOfThreadId } from '../../domain/spans.js';

/** Settings that are to hold for the chats that are open now. */
export interface SettingsNews {
  readonly position: Position;
  readonly brandId: string;
  readonly version: number;
  readonly at: Date;
}

export type ApplySettings = ReturnType<typeof createApplySettings>;

/** Arms the timers of a brand's open chats in a partition anew, by that version of its settings or a newer one (CH-9). */
export function createApplySettings(deps: {
  threads: Threads;
  flows: Pick<Flows, 'atLeast'>;
  bots: Bots;
  openThreads: OpenThreads;
  brandName: (brandId: string) => string;
  now: Clock;
}) {
  const { threads, flows, bots, openThreads, brandName, now } = deps;
  return async function applySettings(all: readonly SettingsNews[], signal: AbortSignal): Promise<Applied> {
    const applied: Promise<void>[] = [];
    for (const { position, brandId, version, at } of all) {
      const flow = await flows.atLeast(brandId, version);
      for await (const ids of openThreads(brandId, position.partition)) {
        const numberOf = (id: string): string => partsOfThreadId(id)?.number ?? '';
        const botOf = await bots.of([...new Set(ids.map(numberOf))]);
        const inputs = ids.map((aggregateId) => {
          const bot = botOf.get(numberOf(aggregateId)) ?? null;
          const around = { now: now(), flow, brandName: brandName(brandId), bot };
          return { aggregateId, position, input: { kind: 'settings-applied' as const, at, ...around } };
        });
        applied.push((await threads.apply(inputs, signal)).done);
      }
    }
    return { done: Promise.all(applied).then(() => undefined) };
  };
}
