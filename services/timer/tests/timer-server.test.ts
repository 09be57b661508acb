import { TimerServiceService, TimerState } from '@switchboard/contracts/timer/v1/timer_service';
import { Failure } from '@switchboard/errors';
import { type GrpcClient, grpcClient, type GrpcServer, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { jwtSecret } from '@switchboard/testing';
import { foldCommands } from '../src/domain/fold-commands.js';
import { timerServer } from '../src/entrypoints/grpc/timer-server.js';
import { createCommandTimers } from '../src/use-cases/command-timers.js';
import { createGetTimer } from '../src/use-cases/get-timer.js';
import { createListTimers } from '../src/use-cases/list-timers.js';
import { type SaidCommand } from '../src/use-cases/ports.js';
import { memoryTimers } from './support/twins.js';

/** The service's API over real gRPC, with twins of the database and of the log behind it. */

const ignore = () => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;
const now = Date.parse('2026-11-25T12:00:00Z');
const timers = memoryTimers();
const said: SaidCommand[] = [];
let isKafkaAway = false;
/** Commands are applied at once, or when a test says so. */
let isBehind = false;

function apply(commands: readonly SaidCommand[]): Promise<unknown> {
  return timers.apply({ number: 0, epoch: 1 }, [...foldCommands(commands.map(({ command }) => command)).values()]);
}

const log = {
  async publish(commands: readonly SaidCommand[]) {
    if (isKafkaAway) throw new Failure('unavailable', 'kafka.unreachable', 'Kafka does not answer');
    said.push(...commands);
    if (!isBehind) await apply(commands);
  },
  ends: () => Promise.resolve([]),
};
const turns: (() => void)[] = [];
let monotonic = 0;
const clock = {
  wall: () => now,
  monotonic: () => monotonic,
  after: (ms: number, run: () => void) => {
    turns.push(() => {
      monotonic += ms;
      run();
    });
    return () => undefined;
  },
};

let server: GrpcServer;
let client: GrpcClient<typeof TimerServiceService>;
const connect = async (scope: string, organisationId?: string) => {
  const claims = { subject: 'test', scope, ttlSeconds: 60, ...(organisationId !== undefined && { organisationId }) };
  return grpcClient(TimerServiceService, `127.0.0.1:${server.port()}`, { token: await signToken(jwtSecret, claims) });
};

beforeAll(async () => {
  server = grpcServer({
    port: 0,
    services: [
      timerServer({
        commandTimers: createCommandTimers({ log, time: { now: () => now, isTrusted: () => true } }),
        getTimer: createGetTimer({ timers, clock }),
        listTimers: createListTimers({ timers }),
        owners: new Set(['routing']),
        now: () => now,
      }),
    ],
    verify: localTokens(jwtSecret),
    logger: quiet,
  });
  await server.start();
  client = await connect('timer.*');
});
beforeEach(() => {
  [isKafkaAway, isBehind] = [false, false];
  said.length = 0;
});
afterAll(async () => {
  client.close();
  await server.stop();
});

const when = { $case: 'delay' as const, value: { seconds: 90n, nanos: 500_000_000 } };
const timer = { owner: 'routing', timerKey: 'a', version: 1n, when, firedKey: '', payload: Buffer.from('x') };

describe('TimerService', () => {
  it('TM-1 turns a delay into a time by its own clock, and lets the timer key be the key of the event', async () => {
    const { dueAt } = await client.schedule({ timer });

    expect(dueAt).toEqual(new Date(now + 90_500));
    const { timer: kept } = await client.get({ owner: 'routing', timerKey: 'a' });
    expect(kept).toMatchObject({ version: 1n, state: TimerState.TIMER_STATE_PENDING, dueAt, firedKey: 'a' });
  });

  it('TM-1 moves a timer and keeps its payload, then takes it away', async () => {
    await client.schedule({ timer: { ...timer, timerKey: 'b' } });
    const dueAt = new Date(now + 3_600_000);

    await client.reset({ owner: 'routing', timerKey: 'b', version: 2n, when: { $case: 'dueAt', value: dueAt } });
    const moved = await client.get({ owner: 'routing', timerKey: 'b' });
    await client.cancel({ owner: 'routing', timerKey: 'b', version: 3n });
    const cancelled = await client.get({ owner: 'routing', timerKey: 'b' });

    expect(moved.timer).toMatchObject({ version: 2n, dueAt, payload: Buffer.from('x') });
    expect(cancelled.timer).toMatchObject({ version: 3n, state: TimerState.TIMER_STATE_CANCELLED });
    const { timers: pending } = await client.list({ owner: 'routing' });
    expect(pending.map(({ timerKey }) => timerKey)).not.toContain('b');
  });

  it('reads what was just written when its version is named', async () => {
    isBehind = true;
    await client.schedule({ timer: { ...timer, timerKey: 'c', version: 7n } });

    const reading = client.get({ owner: 'routing', timerKey: 'c', minVersion: 7n });
    await until(() => turns.length > 0);
    await apply(said);
    turns.shift()?.();

    expect((await reading).timer).toMatchObject({ version: 7n });
  });

  it('says that a version is not there when it does not come', async () => {
    await client.schedule({ timer: { ...timer, timerKey: 'd' } });

    const reading = client.get({ owner: 'routing', timerKey: 'd', minVersion: 2n }).catch((error: unknown) => error);
    let failure: unknown;
    void reading.then((error) => (failure = error));
    await until(() => {
      turns.shift()?.();
      return failure !== undefined;
    });

    expect(failure).toMatchObject({ kind: 'unavailable', code: 'timer.not-applied-yet', details: { version: '1' } });
  });

  it('accepts nothing while the log cannot have it', async () => {
    isKafkaAway = true;

    await expect(client.schedule({ timer: { ...timer, timerKey: 'e' } })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await expect(client.get({ owner: 'routing', timerKey: 'e' })).rejects.toMatchObject({ code: 'timer.not-found' });
  });

  it('arms all of a batch or none, and names every timer that is wrong', async () => {
    const bad = { ...timer, version: 0n, owner: 'nobody' };

    const failure: unknown = await client
      .scheduleBatch({ timers: [timer, bad, timer, { ...bad, timerKey: '' }] })
      .catch((error: unknown) => error);

    expect((failure as Failure).violations.map(({ field }) => field)).toEqual([
      'timers[1].owner',
      'timers[1].version',
      'timers[3].owner',
      'timers[3].timer_key',
      'timers[3].version',
    ]);
    expect(said).toEqual([]);
    const many = Array.from({ length: 501 }, () => timer);
    await expect(client.scheduleBatch({ timers: many })).rejects.toMatchObject({ violations: [{ field: 'timers' }] });
  });

  it('is for services alone', async () => {
    const [acme, reader] = [await connect('timer.*', 'acme'), await connect('timer.timers:read')];

    await expect(acme.get({ owner: 'routing', timerKey: 'a' })).rejects.toMatchObject({ code: 'timer.internal-only' });
    await expect(reader.schedule({ timer })).rejects.toMatchObject({ code: 'auth.missing-scope' });
    for (const each of [acme, reader]) each.close();
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
