import { isTransient } from '@switchboard/errors';
import { type Refusal, withoutToken } from '../../domain/gate.js';
import { type MetaTokens, type Observer } from '../ports.js';

export type FoundToken =
  | { readonly kind: 'token'; readonly token: string }
  /** Account is away: asked again by itself. */
  | { readonly kind: 'away' }
  /** Account has none: somebody has to give it one. */
  | { readonly kind: 'none'; readonly because: Refusal };

/** The token of a number, or why there is none. */
export function createTokenOf({ tokens, observer }: { tokens: MetaTokens; observer: Pick<Observer, 'warn'> }) {
  return async function tokenOf(number: string, version: number): Promise<FoundToken> {
    try {
      return { kind: 'token', token: await tokens.of(number, version) };
    } catch (error) {
      observer.warn({ number, error }, 'no token of Meta to be had; the number waits');
      return isTransient(error) ? { kind: 'away' } : { kind: 'none', because: withoutToken };
    }
  };
}
