import { encodedRecord, type Producer, timerEvent } from '@switchboard/kafka';
import { type Clock } from '../../use-cases/ports.js';
import { type ArmReading } from '../../use-cases/read-hourly.js';

export const TIMER_OWNER = 'template';

/** Timers of accounts. */
export const createArmReading =
  (producer: Pick<Producer, 'send'>, now: Clock): ArmReading =>
  async (wabaId, version, due) => {
    const timerKey = `reading:${wabaId}`;
    const event = timerEvent({ owner: TIMER_OWNER, timerKey, version, due, firedKey: wabaId, at: now() });
    await producer.send([encodedRecord(event)]);
  };
