import { Failure } from '@switchboard/errors';
import { type Accounts, type CallFor } from '../../use-cases/ports.js';
import { type MetaTokens } from '../grpc/meta-tokens.js';
import { type Budget } from './budget.js';

/** Calls Meta for an account: within its budget, with the token of one of its numbers. */
export type CallMeta = <T>(wabaId: string, callFor: CallFor, call: (token: string) => Promise<T>) => Promise<T>;

export function createCallMeta(deps: {
  accounts: Pick<Accounts, 'numbersOf'>;
  tokens: MetaTokens;
  budget: Budget;
}): CallMeta {
  const { accounts, tokens, budget } = deps;
  return async (wabaId, callFor, call) => {
    let refused: unknown;
    // A token that one number has lost, another one of the account may have.
    for (const { phoneNumberId, version } of accounts.numbersOf(wabaId)) {
      const token = await tokens.of(phoneNumberId, version).catch((error: unknown) => {
        if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
        refused = error;
        return undefined;
      });
      if (token === undefined) continue;
      budget.take(wabaId, callFor);
      try {
        return await call(token);
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'unauthenticated') throw error;
        tokens.forget(phoneNumberId);
        refused = error;
      }
    }
    throw new Failure(
      'conflict',
      'template.no-token',
      'no number of the account has a token that Meta takes; register a number of it again with a valid one',
      { cause: refused },
    );
  };
}
