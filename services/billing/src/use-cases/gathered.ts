/**
 * Calls about one thing that come while another of them is under way go together in the next one, in order, so that a
 * hundred callers of one wallet cost one look-up and one write and not a hundred. `ask` answers in the order of its items;
 * when it fails, so do all calls that went with it.
 */
export function createGathered<About, Item, Answer>({
  keyOf,
  most,
  ask,
}: {
  readonly keyOf: (about: About) => string;
  /** Items that go together at most, unless one call brings more. */
  readonly most: number;
  readonly ask: (about: About, items: readonly Item[]) => Promise<readonly Answer[]>;
}) {
  const waiting = new Map<string, Call<Item, Answer>[]>();

  async function run(about: About, calls: Call<Item, Answer>[]): Promise<void> {
    while (calls.length > 0) {
      const together = calls.splice(0, fitting(calls, most));
      try {
        const answers = await ask(
          about,
          together.flatMap(({ items }) => items),
        );
        let from = 0;
        for (const { items, resolve } of together) resolve(answers.slice(from, (from += items.length)));
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    waiting.delete(keyOf(about));
  }

  return (about: About, items: readonly Item[]): Promise<readonly Answer[]> =>
    new Promise((resolve, reject) => {
      const call = { items, resolve, reject };
      const key = keyOf(about);
      const calls = waiting.get(key);
      if (calls) {
        calls.push(call);
        return;
      }
      const mine = [call];
      waiting.set(key, mine);
      void run(about, mine);
    });
}

interface Call<Item, Answer> {
  readonly items: readonly Item[];
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How many of these calls have at most so many items together; one at least. */
function fitting(calls: readonly { readonly items: readonly unknown[] }[], most: number): number {
  let [count, size] = [0, 0];
  for (const { items } of calls) {
    size += items.length;
    if (count > 0 && size > most) break;
    count += 1;
  }
  return count;
}
