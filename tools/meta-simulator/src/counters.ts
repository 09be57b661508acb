interface Count {
  calls: number;
  accepted: number;
  inbound: number;
  doubles: number;
  readonly refused: Map<number, number>;
  readonly tags: Set<string>;
}

/** What happened at a number since the beginning. */
export interface Counters {
  /** Calls that wanted to send a message; receipts are not among them. */
  readonly calls: number;
  readonly accepted: number;
  readonly inbound: number;
  /** Refusals by code; those of 130429 once more as `throttled`. */
  readonly refused: Readonly<Record<number, number>>;
  readonly throttled: number;
  /** Accepted messages whose callback data an earlier accepted one has too. */
  readonly doubles: number;
}

/** Counts by number: cheap to read while a load test runs. */
export function createCounters() {
  const byNumber = new Map<string, Count>();
  const of = (phoneNumberId: string): Count => {
    const known = byNumber.get(phoneNumberId);
    if (known) return known;
    const fresh = { calls: 0, accepted: 0, inbound: 0, doubles: 0, refused: new Map(), tags: new Set<string>() };
    byNumber.set(phoneNumberId, fresh);
    return fresh;
  };
  return {
    called: (phoneNumberId: string) => void (of(phoneNumberId).calls += 1),
    heard: (phoneNumberId: string) => void (of(phoneNumberId).inbound += 1),
    accepted(phoneNumberId: string, tag: string | undefined) {
      const count = of(phoneNumberId);
      count.accepted += 1;
      if (tag === undefined) return;
      if (count.tags.has(tag)) count.doubles += 1;
      count.tags.add(tag);
    },
    refused(phoneNumberId: string, code: number) {
      const { refused } = of(phoneNumberId);
      refused.set(code, (refused.get(code) ?? 0) + 1);
    },
    read(phoneNumberId: string): Counters {
      const { calls, accepted, inbound, doubles, refused } = of(phoneNumberId);
      return {
        calls,
        accepted,
        inbound,
        refused: Object.fromEntries(refused),
        throttled: refused.get(130429) ?? 0,
        doubles,
      };
    },
  };
}
