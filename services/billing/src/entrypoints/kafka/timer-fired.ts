import { timerFired } from '@switchboard/contracts/topics';
import { done, handle, type Handler, setAside, skip } from '@switchboard/kafka';
import { type ExpireHolds } from '../../use-cases/expire-holds.js';
import { type Nightly } from '../../use-cases/nightly.js';

/** A day's holds of a wallet end, or work of the night is due. */
export const onTimerFired = (expireHolds: ExpireHolds, nights: readonly Nightly[]): Handler =>
  handle(timerFired('billing'), async ({ timerKey, version, payload }, { key }) => {
    const night = nights.find((each) => each.timerKey === timerKey);
    if (night) {
      await night.run();
      return done;
    }
    const day = Buffer.from(payload).toString();
    if (!timerKey.endsWith(`:holds:${day}`)) return setAside(`nobody has a timer ${timerKey}`);
    const ended = await expireHolds(key, day, Number(version));
    return ended > 0 ? done : skip('no hold of that day is open');
  });
