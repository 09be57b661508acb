import { eventually } from '@switchboard/testing';
import { settings } from './support/settings.js';
import { startSystem, type System } from './support/system.js';
import { startTimerOwner, type TimerOwner } from './support/timers.js';

jest.setTimeout(1_800_000);

let system: System;
let receiver: TimerOwner;
beforeAll(async () => {
  system = await startSystem({ instances: { timer: 2 } });
  receiver = await startTimerOwner(system.infrastructure.brokers, 'demo');
}, 300_000);
afterAll(async () => {
  await (receiver as TimerOwner | undefined)?.stop();
  await (system as System | undefined)?.stop();
});

const SECOND = 1_000;
const noneIsEarly = (): void => {
  const early = receiver.heard().filter(({ event, at }) => at < (event.dueAt?.getTime() ?? Infinity));
  expect(early.map(({ id }) => id)).toEqual([]);
};
const allFired = () =>
  eventually(
    () => {
      expect(receiver.waiting()).toEqual([]);
    },
    { timeoutMs: 120_000, everyMs: 250 },
  );

describe('a service with timers', () => {
  it('TM-1 arms them over gRPC and over Kafka, moves and cancels them, and hears each once, in time', async () => {
    const { timers } = system;
    const about = { owner: 'demo', timerKey: 'by-grpc', firedKey: '', payload: Buffer.from('hello') };
    const soon = { $case: 'delay' as const, value: { seconds: 1n, nanos: 0 } };
    receiver.armed('by-grpc', 2);

    await timers.schedule({ timer: { ...about, version: 1n, when: soon } });
    await timers.reset({ owner: 'demo', timerKey: 'by-grpc', version: 2n, when: soon });
    await receiver.arm([{ key: 'by-kafka', version: 1, due: Date.now() + 1_500 }]);
    await timers.schedule({ timer: { ...about, timerKey: 'cancelled', version: 1n, when: soon } });
    await timers.cancel({ owner: 'demo', timerKey: 'cancelled', version: 2n });

    const { timer } = await timers.get({ owner: 'demo', timerKey: 'by-grpc', minVersion: 2n }).catch(() => ({
      timer: undefined,
    }));
    if (timer) expect(timer.payload.toString()).toBe('hello');
    await allFired();
    noneIsEarly();
    expect(receiver.heard().map(({ id }) => id)).toEqual(expect.arrayContaining(['by-grpc:2', 'by-kafka:1']));
    expect(receiver.heard().filter(({ id }) => id.startsWith('cancelled'))).toEqual([]);
  });

  it('TM-2 has twenty thousand due in the same second: every one fires, none early', async () => {
    const due = Date.now() + 8 * SECOND;
    const burst = Array.from({ length: 20_000 }, (_, index) => ({
      key: `burst:${index}`,
      version: 1,
      due: due + (index % 1_000),
    }));

    await receiver.arm(burst);

    await allFired();
    noneIsEarly();
    expect([...receiver.obeyed().keys()].filter((id) => id.startsWith('burst:'))).toHaveLength(20_000);
  });

  it(`TM-2 loses none, hears none early and obeys none twice while owners are killed ${settings.timerKills} times`, async () => {
    const before = receiver.obeyed().size;
    let armed = 0;
    const killing = new AbortController();
    // A timer is armed anew until the killing is over, so that kills meet commands, look-ahead and fires alike.
    const arming = (async () => {
      while (!killing.signal.aborted) {
        const now = Date.now();
        const some = Array.from({ length: 20 }, (_, index) => ({
          key: `kill:${armed + index}`,
          version: 1,
          due: now + ((armed + index * 397) % 9_000),
        }));
        armed += some.length;
        await receiver.arm(some);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();

    for (let kill = 0; kill < settings.timerKills; kill += 1) {
      const instance = `timer-${(kill % 2) + 1}`;
      await system.kill(instance);
      await system.start(instance);
    }
    killing.abort();
    await arming;

    await allFired();
    noneIsEarly();
    expect(receiver.obeyed().size - before).toBe(armed);
  });
});
