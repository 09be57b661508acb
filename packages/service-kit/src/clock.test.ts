import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processClock } from './clock.js';

const HOUR_MS = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'switchboard-clock-'));
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function clockOf(file: string | undefined) {
  const clock = processClock(file);
  stops.push(clock.stop);
  return clock;
}

/** Hours, rounded, that the clock is ahead of the machine's. */
const hoursAhead = ({ now }: { now: () => Date }): number => Math.round((now().getTime() - Date.now()) / HOUR_MS);

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('the clock of a process', () => {
  it('is the machine’s without a file, and with one that holds nothing', () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '');

    expect([undefined, join(folder, 'missing'), empty].map((file) => hoursAhead(clockOf(file)))).toEqual([0, 0, 0]);
  });

  it('is ahead by what the file holds, and follows it, both of its hands alike', async () => {
    const file = join(folder, 'follows');
    writeFileSync(file, String(2 * HOUR_MS));
    const clock = clockOf(file);
    const before = clock.monotonicMs();
    expect(hoursAhead(clock)).toBe(2);

    writeFileSync(file, String(26 * HOUR_MS));
    await until(() => hoursAhead(clock) === 26);

    expect(hoursAhead(clock)).toBe(26);
    expect(Math.round((clock.monotonicMs() - before) / HOUR_MS)).toBe(24);
  });

  it('never goes back, and takes no notice of what is no number', async () => {
    const [file, marker] = [join(folder, 'back'), join(folder, 'marker')];
    writeFileSync(file, String(5 * HOUR_MS));
    writeFileSync(marker, '0');
    const [clock, seen] = [clockOf(file), clockOf(marker)];

    writeFileSync(file, String(HOUR_MS));
    writeFileSync(marker, String(HOUR_MS));
    await until(() => hoursAhead(seen) === 1);
    expect(hoursAhead(clock)).toBe(5);

    writeFileSync(file, 'tomorrow');
    writeFileSync(marker, String(2 * HOUR_MS));
    await until(() => hoursAhead(seen) === 2);
    expect(hoursAhead(clock)).toBe(5);
  });
});
