import { timerCommands } from '@switchboard/contracts/topics';
import { eventRecord, type Producer } from '@switchboard/kafka';
import { type ArmTimer } from '../../use-cases/prove-nightly.js';
import { type Clock } from '../../use-cases/ports.js';
import { TIMER_OWNER } from './wallet-aggregate.js';

/** Timers that belong to no wallet. */
export const createArmTimer =
  (producer: Pick<Producer, 'send'>, now: Clock): ArmTimer =>
  async (timerKey, version, dueAt) => {
    const value = {
      owner: TIMER_OWNER,
      timerKey,
      version: BigInt(version),
      command: { $case: 'arm' as const, value: { dueAt, firedKey: timerKey, payload: Buffer.alloc(0) } },
    };
    await producer.send([
      eventRecord(timerCommands, value, { key: timerKey, id: `${TIMER_OWNER}/${timerKey}:${version}`, time: now() }),
    ]);
  };
