import { manualClock, systemClock } from './clock.js';

describe('a manual clock', () => {
  it('runs what is due by time, and by the order of asking at the same time', async () => {
    const clock = manualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`);

    clock.at(20, note('c'));
    clock.at(10, note('a'));
    clock.at(20, note('d'));
    clock.at(10, note('b'));
    clock.at(15, note('cancelled'))();
    clock.at(21, note('later'));
    await clock.advance(20);

    expect(ran).toEqual(['a@10', 'b@10', 'c@20', 'd@20']);
    expect(clock.now()).toBe(20);
  });

  it('runs what becomes due while it runs, and keeps order among very many', async () => {
    const clock = manualClock(0);
    const ran: number[] = [];
    for (let index = 0; index < 1000; index += 1) {
      const atMs = (index * 7919) % 997;
      clock.at(atMs, () => void ran.push(atMs));
    }
    clock.at(5, () => void clock.at(6.5, () => void ran.push(6.5)));
    await clock.advance(1000);

    expect(ran).toHaveLength(1001);
    expect(ran).toEqual([...ran].sort((a, b) => a - b));
  });
});

describe('the system clock', () => {
  it('runs what is due by itself, and can be moved forward', async () => {
    const clock = systemClock({ speed: 100 });
    const before = clock.now();

    await new Promise<void>((resolve) => void clock.at(before + 500, resolve));
    let ran = false;
    clock.at(clock.now() + 86_400_000, () => {
      ran = true;
    });
    await clock.advance(86_400_000);

    expect(ran).toBe(true);
    expect(clock.now()).toBeGreaterThanOrEqual(before + 86_400_500);
    clock.stop();
  });
});
