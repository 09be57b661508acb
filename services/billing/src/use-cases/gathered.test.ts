import { createGathered } from './gathered.js';

/** Asks that end when they are told to. */
function world(most = 500) {
  const asks: { about: string; items: readonly number[]; end: (error?: Error) => Promise<void> }[] = [];
  const gathered = createGathered<string, number, string>({
    keyOf: (about) => about,
    most,
    ask: (about, items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): Promise<void> => {
          if (error) reject(error);
          else resolve(items.map((item) => `${about}${item}`));
          return new Promise(setImmediate);
        };
        asks.push({ about, items, end });
      }),
  });
  return { asks, gathered };
}

describe('BL-8 concurrent calls', () => {
  it('about one thing go together in the next ask, and each is answered what it asked', async () => {
    const { asks, gathered } = world();
    const answers = Promise.all([gathered('w', [1, 2]), gathered('w', [3]), gathered('w', []), gathered('w', [4, 5])]);

    expect(asks.map(({ items }) => items)).toEqual([[1, 2]]);
    await asks[0]?.end();
    expect(asks.map(({ items }) => items)).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    await asks[1]?.end();

    expect(await answers).toEqual([['w1', 'w2'], ['w3'], [], ['w4', 'w5']]);
    void gathered('w', [6]);
    expect(asks).toHaveLength(3);
  });

  it('about different things do not wait for each other', () => {
    const { asks, gathered } = world();
    void gathered('v', [1]);
    void gathered('w', [1]);

    expect(asks.map(({ about }) => about)).toEqual(['v', 'w']);
  });

  it('are at most so many items at once, unless one call has more', async () => {
    const { asks, gathered } = world(3);
    for (const items of [[1], [2, 3], [4], [5, 6, 7, 8], [9]]) void gathered('w', items);
    for (let ask = 0; ask < 4; ask += 1) await asks[ask]?.end();

    expect(asks.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5, 6, 7, 8], [9]]);
  });

  it('fail together, and those behind them are asked all the same', async () => {
    const { asks, gathered } = world();
    const first = gathered('w', [1]);
    const [second, third] = [gathered('w', [2]), gathered('w', [3])];
    first.catch(() => undefined);
    second.catch(() => undefined);

    await asks[0]?.end(new Error('away'));
    await asks[1]?.end();

    await expect(first).rejects.toThrow('away');
    expect(await Promise.all([second, third])).toEqual([['w2'], ['w3']]);
  });
});
