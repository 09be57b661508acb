/** Messages a second by level; `NOT_APPLICABLE` is a number that is also in the WhatsApp Business app. */
export const perSecond = { STANDARD: 80, HIGH: 1000, NOT_APPLICABLE: 20 } as const;

export type ThroughputLevel = keyof typeof perSecond;

/** Levels of numbers, and which of them are being changed right now. */
export function createThroughput() {
  const levels = new Map<string, ThroughputLevel>();
  const maintenance = new Map<string, number>();
  return {
    levelOf: (phoneNumberId: string): ThroughputLevel => levels.get(phoneNumberId) ?? 'STANDARD',
    isInMaintenance: (phoneNumberId: string, nowMs: number): boolean => nowMs < (maintenance.get(phoneNumberId) ?? 0),
    change(phoneNumberId: string, untilMs: number) {
      maintenance.set(phoneNumberId, untilMs);
    },
    set(phoneNumberId: string, level: ThroughputLevel) {
      levels.set(phoneNumberId, level);
    },
  };
}
