import { whyStopped } from '../domain/known-stop.js';
import { type Asked, type Judge, type Judgement } from './judge.js';
import { type Paces } from './pace-ports.js';
import { type Clock, type Numbers } from './ports.js';

export type CheckMessage = ReturnType<typeof createCheckMessage>;

/** The gate's verdict without sending, and why the message would wait where its number is stopped (TX-1). */
export function createCheckMessage(deps: {
  judge: Judge;
  numbers: Numbers;
  paces: Pick<Paces, 'of'>;
  clock: Pick<Clock, 'now'>;
}) {
  const { judge, numbers, paces, clock } = deps;
  return async function checkMessage(message: Omit<Asked, 'acceptedAs' | 'expiresAt'>): Promise<Judgement> {
    const { number } = message;
    const asked = { ...message, acceptedAs: undefined, expiresAt: undefined };
    const [[judgement], learnt] = await Promise.all([judge([asked], { looks: 'always' }), paces.of([number])]);
    if (!judgement) throw new Error('a message was asked about and not judged');
    const waits = whyStopped(learnt.get(number)?.stop, numbers.view(number), clock.now());
    return judgement.refusal || !waits ? judgement : { ...judgement, waits };
  };
}
