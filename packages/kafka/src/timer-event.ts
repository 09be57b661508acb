import { type TimerCommand } from '@switchboard/contracts/timer/v1/events';
import { timerCommands } from '@switchboard/contracts/topics';
import { type EncodedEvent } from './event-record.js';

/** What a service wants of one of its timers. */
export interface TimerOrder {
  /** Who hears of it, on `timer.fired.<owner>`. */
  readonly owner: string;
  /** Names the timer among those of its owner. */
  readonly timerKey: string;
  /** Raised with every order for this timer: a fire of any other version says nothing. */
  readonly version: number;
  /** When it fires; null takes it back. */
  readonly due: Date | null;
  /** Key of the fire: whoever owns that key hears it. */
  readonly firedKey: string;
  /** Told with the fire. */
  readonly payload?: string;
  /** When it was ordered. */
  readonly at: Date;
  /** Organisation it belongs to, where there is one. */
  readonly org?: string | undefined;
}

/**
 * The event on `timer.commands` that arms a timer or takes it back, to be written with the state it belongs to. Armed anew
 * each time: a reset would do nothing to a timer that fires in the same moment.
 */
export function timerEvent({
  owner,
  timerKey,
  version,
  due,
  firedKey,
  payload = '',
  at,
  org,
}: TimerOrder): EncodedEvent {
  const value: TimerCommand = {
    owner,
    timerKey,
    version: BigInt(version),
    command: due
      ? { $case: 'arm', value: { dueAt: due, firedKey, payload: Buffer.from(payload) } }
      : { $case: 'cancel', value: {} },
  };
  return {
    topic: timerCommands.name,
    type: timerCommands.type,
    key: timerKey,
    id: `${timerKey}:${version}`,
    time: at,
    headers: org === undefined ? {} : { org },
    value: timerCommands.encode(value),
  };
}
