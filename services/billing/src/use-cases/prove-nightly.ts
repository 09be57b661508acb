import { type LedgerUseCases } from './ledger.js';
import { type Clock } from './ports.js';

/** Arms a timer of ours; an earlier version than the one that is armed changes nothing. */
export type ArmTimer = (timerKey: string, version: number, due: Date) => Promise<void>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** UTC. */
const AT_HOUR = 3;

/** Every night every wallet is added up anew (BL-9): by a durable timer, so that one process does it. */
export function createProveNightly(deps: {
  ledger: Pick<LedgerUseCases, 'proveAll'>;
  arm: ArmTimer;
  now: Clock;
  tell: (wrong: Awaited<ReturnType<LedgerUseCases['proveAll']>>) => void;
}) {
  const { ledger, arm, now, tell } = deps;
  const timerKey = 'nightly-proof';
  async function armNext(): Promise<void> {
    const at = now().getTime();
    const night = Math.floor((at - AT_HOUR * HOUR_MS) / DAY_MS) + 1;
    await arm(timerKey, night, new Date(night * DAY_MS + AT_HOUR * HOUR_MS));
  }
  return {
    timerKey,
    armNext,
    async run(): Promise<void> {
      await armNext();
      tell(await ledger.proveAll());
    },
  };
}

export type ProveNightly = ReturnType<typeof createProveNightly>;
