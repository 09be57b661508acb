import type { Duration } from '../flow/duration.js';

/** A bot attached to a number: it is asked before people are (BT-1). */
export interface Bot {
  readonly botId: string;
  /** Closes or hands over a chat in which nobody writes (CH-7). */
  readonly idleTime: Duration;
  readonly idleAction: 'close' | 'hand-over';
  /** People get a chat whose customer has waited so long for the bot. */
  readonly answerTimeout: Duration;
  /** Department that people answer in after it; empty = the number's. */
  readonly departmentId: string;
}
