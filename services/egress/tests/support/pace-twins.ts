import { type Learnt, type Paces } from '../../src/use-cases/pace-ports.js';

/** In-memory twins of the ports that say when a message goes; each passes the contract of the real one. */

export function memoryPaces(): Paces {
  const known = new Map<string, Learnt>();
  const isLater = (news: { readonly at: Date }, before: { readonly at: Date } | undefined): boolean =>
    news.at > (before?.at ?? new Date(0));
  return {
    of: (numbers) =>
      Promise.resolve(
        new Map(numbers.flatMap((number) => (known.has(number) ? [[number, known.get(number) ?? {}]] : []))),
      ),
    note: (number, { level, cut }) => {
      const before = known.get(number) ?? {};
      known.set(number, {
        ...before,
        ...(level && isLater(level, before.level) && { level }),
        ...(cut && isLater(cut, before.cut) && { cut }),
      });
      return Promise.resolve();
    },
  };
}
