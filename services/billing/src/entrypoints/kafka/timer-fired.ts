import { timerFired } from '@switchboard/contracts/topics';
import { done, handle, type Handler, setAside, skip } from '@switchboard/kafka';
import { type ExpireHolds } from '../../use-cases/expire-holds.js';
import { type ProveNightly } from '../../use-cases/prove-nightly.js';

/** A day's holds of a wallet end, or the night's proof is due. */
export const onTimerFired = (expireHolds: ExpireHolds, proveNightly: ProveNightly): Handler =>
  handle(timerFired('billing'), async ({ timerKey, version, payload }, { key }) => {
    if (timerKey === proveNightly.timerKey) {
      await proveNightly.run();
      return done;
    }
    const day = Buffer.from(payload).toString();
    if (!timerKey.endsWith(`:holds:${day}`)) return setAside(`nobody has a timer ${timerKey}`);
    const ended = await expireHolds(key, day, Number(version));
    return ended > 0 ? done : skip('no hold of that day is open');
  });
