import fc from 'fast-check';
import { deferred } from '../timing.js';
import { createProgress } from './progress.js';

describe('the offset that may be committed', () => {
  it('moves only over what is done, in the order of the log', async () => {
    const progress = createProgress(10, never);
    const [first, second] = [deferred(), deferred()];
    progress.written(20, first.promise);
    progress.written(30, second.promise);

    second.resolve();
    await settled();
    expect(progress.done()).toBe(10);

    first.resolve();
    await settled();
    expect(progress.done()).toBe(30);
  });

  it('stays where it was when a chunk is not done, whatever comes after', async () => {
    const failures: unknown[] = [];
    const progress = createProgress(0, (error) => failures.push(error));
    const [first, second] = [deferred(), deferred()];
    progress.written(5, first.promise);
    progress.written(9, second.promise);

    first.reject(new Error('not published'));
    second.resolve();
    await settled();

    expect(progress.done()).toBe(0);
    expect(failures).toHaveLength(1);
  });

  it('is never beyond a chunk that is open, in whatever order chunks are done', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 12, maxLength: 12 }),
        async (order) => {
          const progress = createProgress(0, never);
          const chunks = order.map(() => deferred());
          for (const [index, { promise }] of chunks.entries()) progress.written((index + 1) * 10, promise);
          const open = new Set(order);
          for (const index of order) {
            chunks[index]?.resolve();
            open.delete(index);
            await settled();
            expect(progress.done()).toBe(open.size === 0 ? 120 : Math.min(...open) * 10);
          }
        },
      ),
    );
  });

  it('lets a reader wait until few enough chunks are open', async () => {
    const progress = createProgress(0, never);
    const chunk = deferred();
    progress.written(1, chunk.promise);
    let isBelow = false;
    const waiting = progress.below(1).then(() => (isBelow = true));
    await settled();
    expect(isBelow).toBe(false);

    chunk.resolve();
    await waiting;

    expect(progress.open()).toBe(0);
  });
});

const never = () => {
  throw new Error('nothing was to fail');
};
const settled = () => new Promise((resolve) => setImmediate(resolve));
