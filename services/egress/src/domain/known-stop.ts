/** That Meta does not take the messages of a number, as its owner has met it: for those who ask elsewhere. */
import { type NumberView, type Refusal } from './gate.js';

export interface KnownStop {
  /** When a message of the number was tried last. */
  readonly at: Date;
  /** Of the number as it was. */
  readonly version: number;
  /** Absent once it goes again. */
  readonly because?: Refusal;
}

/** A number that is stopped is tried again within a quarter of an hour while anything waits; what is older says nothing. */
const SAID_MS = 30 * 60_000;

/** Why messages of the number wait at present; undefined where it has changed since, or nobody has tried lately. */
export function whyStopped(
  stop: KnownStop | undefined,
  number: NumberView | undefined,
  now: Date,
): Refusal | undefined {
  if (!stop?.because || !number || number.version > stop.version) return undefined;
  if (now.getTime() - stop.at.getTime() > SAID_MS) return undefined;
  const { code, reason, remedy } = stop.because;
  return {
    code: 'egress.number-stopped',
    reason: `Meta takes no messages of the number at present, so they wait: ${reason} (${code})`,
    remedy,
  };
}
