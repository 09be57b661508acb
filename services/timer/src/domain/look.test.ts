import { look } from './look.js';

describe('a look at a timer', () => {
  it.each([
    [{ due: 100, isCancelled: false }, { kind: 'fire' }],
    [{ due: 100, isCancelled: true }, { kind: 'forget' }],
    [
      { due: 101, isCancelled: false },
      { kind: 'again', at: 101 },
    ],
    [
      { due: 101, isCancelled: true },
      { kind: 'again', at: 101 },
    ],
    [
      { due: 199, isCancelled: false },
      { kind: 'again', at: 199 },
    ],
    [
      { due: 200, isCancelled: false },
      { kind: 'refile', at: 200 },
    ],
    [
      { due: 999, isCancelled: true },
      { kind: 'refile', at: 999 },
    ],
  ])('at 100, with a horizon of 200: %j → %j', (timer, seen) => {
    expect(look(timer, { until: 100, horizon: 200 })).toEqual(seen);
  });
});
