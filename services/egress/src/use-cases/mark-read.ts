import { Failure } from '@switchboard/errors';
import { refusedByGate } from '../domain/fold.js';
import { withoutToken } from '../domain/gate.js';
import { refusedByNumber } from '../domain/gate/number.js';
import { createTokenOf } from './dispatch/token-of.js';
import { type MetaTokens, type Numbers, type Observer } from './ports.js';

/** A customer's message that was read. */
export interface Receipt {
  readonly number: string;
  readonly whatsappMessageId: string;
  /** Shows as well that an answer is being written. */
  readonly isTyping: boolean;
}

/** Tells Meta. Throws a `Failure`: what Meta refuses is `invalid` with its code and the remedy; `unauthenticated` is the token. */
export type TellRead = (receipt: Receipt, token: string) => Promise<void>;

export type MarkRead = ReturnType<typeof createMarkRead>;

/** A read receipt (TX-5). It is no message: nothing is kept of it, nothing counted, and nothing tried again. */
export function createMarkRead(deps: {
  numbers: Numbers;
  tokens: MetaTokens;
  tellRead: TellRead;
  observer: Pick<Observer, 'warn'>;
}) {
  const { numbers, tokens, tellRead } = deps;
  const tokenOf = createTokenOf(deps);

  return async function markRead(caller: string | undefined, receipt: Receipt): Promise<void> {
    const { number } = receipt;
    const view = numbers.view(number);
    const refusal = refusedByNumber(view, caller);
    if (refusal) throw refusedByGate(refusal);
    const found = await tokenOf(number, view?.version ?? 0);
    if (found.kind === 'none') throw refusedByGate(found.because);
    if (found.kind === 'away') throw accountIsAway();
    try {
      await tellRead(receipt, found.token);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'unauthenticated') throw error;
      // It is the token of the number that is not good, not the caller's; another one may be there by now.
      tokens.forget(number);
      throw refusedByGate(withoutToken);
    }
  };
}

const accountIsAway = (): Failure =>
  new Failure('unavailable', 'egress.account-away', 'account does not say the token of the number; try again');
