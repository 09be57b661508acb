import { type TimerCommand, type TimerFired } from '@switchboard/contracts/timer/v1/events';
import { type Command, type Timer } from './domain/timer.js';

/** Our types as the contracts' own. */

export const commandToProto = ({ owner, key, version, what }: Command): TimerCommand => ({
  owner,
  timerKey: key,
  version: BigInt(version),
  command: whatToProto(what),
});

function whatToProto(what: Command['what']): NonNullable<TimerCommand['command']> {
  switch (what.kind) {
    case 'arm': {
      const { firedKey, payload } = what.content;
      return { $case: 'arm', value: { dueAt: new Date(what.due), firedKey, payload: Buffer.from(payload) } };
    }
    case 'reset':
      return { $case: 'reset', value: { dueAt: new Date(what.due) } };
    case 'cancel':
      return { $case: 'cancel', value: {} };
  }
}

/** The same bytes for every time the same version fires. */
export const firedToProto = ({ owner, key, version, due, payload }: Timer): TimerFired => ({
  owner,
  timerKey: key,
  version: BigInt(version),
  dueAt: new Date(due),
  payload: Buffer.from(payload),
});
