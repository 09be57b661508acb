import { type MetaNumbers, type Paces, type Places, type Reach } from './pace-ports.js';
import { type Clock, type MetaTokens, type Numbers, type Observer } from './ports.js';

/** Learns from Meta itself what a number may; webhooks tell of what changes. Never rejects: where Meta does not say, the usual holds. */
export type AskMeta = (number: string) => Promise<void>;

export function createAskMeta(deps: {
  metaNumbers: MetaNumbers;
  tokens: MetaTokens;
  numbers: Numbers;
  paces: Paces;
  places: Places;
  reach: Reach;
  clock: Clock;
  observer: Pick<Observer, 'warn'>;
}): AskMeta {
  const { metaNumbers, tokens, numbers, paces, places, reach, clock, observer } = deps;

  async function ask(number: string): Promise<void> {
    const view = numbers.view(number);
    if (view?.sending !== 'allowed') return;
    const at = clock.now();
    const { level, messagingLimit } = await metaNumbers.allowanceOf(number, await tokens.of(number, view.version));
    const portfolio = places.portfolioOf(number);
    if (level) await paces.note(number, { level: { is: level, at } });
    if (portfolio && messagingLimit !== undefined) await reach.allow(portfolio, messagingLimit, at);
  }

  const asked = new Map<string, Promise<void>>();
  return (number) => {
    const underWay = asked.get(number);
    if (underWay) return underWay;
    const answered = ask(number)
      .catch((error: unknown) => {
        observer.warn({ number, error }, 'Meta does not say what a number may; the usual holds until it does');
      })
      .finally(() => asked.delete(number));
    asked.set(number, answered);
    return answered;
  };
}
