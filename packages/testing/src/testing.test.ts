import { createRandom, createTestClock, eventually, freePort } from './index.js';

describe('eventually', () => {
  it('returns what the assertion returns once it holds', async () => {
    let tries = 0;

    const result = await eventually(
      () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return 'now';
      },
      { everyMs: 1 },
    );

    expect([result, tries]).toEqual(['now', 3]);
  });

  it('throws the last complaint when the time is up', async () => {
    await expect(
      eventually(
        () => {
          throw new Error('never');
        },
        { timeoutMs: 5, everyMs: 1 },
      ),
    ).rejects.toThrow('never');
  });
});

describe('the test clock', () => {
  it('fires what is due, in order, and nothing that was cancelled', async () => {
    const clock = createTestClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push('late'));
    clock.after(10, () => fired.push('early'));
    clock.after(15, () => fired.push('cancelled'))();

    await clock.advance(19);
    expect(fired).toEqual(['early']);
    await clock.advance(1);
    expect(fired).toEqual(['early', 'late']);
  });
});

describe('seeded numbers', () => {
  it('are the same for the same seed and others for another', () => {
    const take = (seed: number) => Array.from({ length: 5 }, createRandom(seed));

    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
    expect(take(7).every((each) => each >= 0 && each < 1)).toBe(true);
  });
});

it('a free port can be listened on', async () => {
  expect(await freePort()).toBeGreaterThan(1_023);
});
