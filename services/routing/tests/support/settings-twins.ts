import { type BrandFlows, type ChatTimes, type SettingsVersion } from '../../src/use-cases/settings/ports.js';

/** In-memory twins of the ports of settings; each passes the contract of the real one. */

export function memoryBrandFlows(): BrandFlows {
  const stored = new Map<string, SettingsVersion[]>();
  const of = (brandId: string): SettingsVersion[] => stored.get(brandId) ?? [];
  return {
    newerThan: (known) =>
      Promise.resolve(
        known.flatMap(({ brandId, version }) => {
          const newest = of(brandId).at(-1);
          return newest && newest.version > version ? [newest] : [];
        }),
      ),
    find: (brandId, version) => Promise.resolve(of(brandId).find((each) => each.version === version)),
    async *versions(brandId, before = Infinity) {
      for (const version of of(brandId).toReversed())
        if (version.version < before) yield await Promise.resolve(version);
    },
    save(next) {
      const versions = of(next.brandId);
      if (next.version !== versions.length + 1) return Promise.resolve(false);
      stored.set(next.brandId, [...versions, next]);
      return Promise.resolve(true);
    },
  };
}

/** What the rows of chats say of waiting. */
export interface TimedRow {
  readonly _id: string;
  readonly organisationId: string;
  readonly brandId: string;
  readonly openedAt: Date;
  readonly longestWaitMs?: number | null;
  readonly missedForMs?: number | null;
  readonly longestIdleCustomerMs?: number | null;
  readonly longestIdleOperatorMs?: number | null;
}

export function memoryChatTimes(): {
  readonly times: ChatTimes;
  readonly put: (rows: readonly TimedRow[]) => Promise<void>;
} {
  const rows: TimedRow[] = [];
  return {
    put(more) {
      rows.push(...more);
      return Promise.resolve();
    },
    times: {
      count({ organisationId, brandId, since, times }) {
        const meant = rows.filter(
          (row) => row.organisationId === organisationId && row.brandId === brandId && row.openedAt >= since,
        );
        const lasted = (ms: number | null, of: (row: TimedRow) => number | null | undefined): number =>
          ms === null ? 0 : meant.filter((row) => (of(row) ?? -1) >= ms).length;
        return Promise.resolve({
          chats: meant.length,
          wouldBeMissed: lasted(times.waitingMs, (row) => row.longestWaitMs),
          wouldCloseMissed: lasted(times.missedCloseMs, (row) => row.missedForMs),
          wouldCloseCustomerOwes: lasted(times.idleCustomerOwesMs, (row) => row.longestIdleCustomerMs),
          wouldCloseOperatorOwes: lasted(times.idleOperatorOwesMs, (row) => row.longestIdleOperatorMs),
        });
      },
    },
  };
}
