import { encodedRecord, type Producer, timerEvent } from '@switchboard/kafka';
import { type ArmTimer } from '../../use-cases/nightly.js';
import { type Clock } from '../../use-cases/ports.js';
import { TIMER_OWNER } from './wallet-aggregate.js';

/** Timers that belong to no wallet. */
export const createArmTimer =
  (producer: Pick<Producer, 'send'>, now: Clock): ArmTimer =>
  async (timerKey, version, due) => {
    const event = timerEvent({ owner: TIMER_OWNER, timerKey, version, due, firedKey: timerKey, at: now() });
    await producer.send([encodedRecord(event)]);
  };
