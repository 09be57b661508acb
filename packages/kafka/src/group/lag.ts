/** How far this member is behind, per topic over all its partitions. */
export interface Lag {
  readonly saw: (topic: string, partition: number, records: number) => void;
  /** The partitions are others now. */
  readonly reset: () => void;
}

export function createLag(report: (topic: string, records: number) => void): Lag {
  const lags = new Map<string, Map<number, number>>();
  return {
    saw(topic, partition, records) {
      const lag = lags.get(topic) ?? new Map<number, number>();
      lags.set(topic, lag.set(partition, Math.max(0, records)));
      let sum = 0;
      for (const each of lag.values()) sum += each;
      report(topic, sum);
    },
    reset() {
      for (const topic of lags.keys()) report(topic, 0);
      lags.clear();
    },
  };
}
