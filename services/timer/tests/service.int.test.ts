import { type TimerCommand } from '@switchboard/contracts/timer/v1/events';
import { TimerState } from '@switchboard/contracts/timer/v1/timer_service';
import { Failure } from '@switchboard/errors';
import { eventually } from '@switchboard/testing';
import { type Installation, startInstallation } from './support/installation.js';

/** One process on real Kafka and MongoDB. */

jest.setTimeout(120_000);

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation('service');
  await installation.startProcess();
}, 180_000);
afterAll(() => installation.stop(), 60_000);

const firesOf = (key: string) => installation.heard().filter(({ event }) => event.timerKey === key);
const arm = (timerKey: string, version: bigint, dueInMs: number, payload = ''): TimerCommand => ({
  owner: installation.owner,
  timerKey,
  version,
  command: {
    $case: 'arm',
    value: { dueAt: new Date(Date.now() + dueInMs), firedKey: `key-of-${timerKey}`, payload: Buffer.from(payload) },
  },
});

describe('a timer', () => {
  it('TM-1 that is scheduled over gRPC fires on the topic of its owner, with its key, its payload and its trace', async () => {
    const client = await installation.client();
    const { owner } = installation;

    const { dueAt } = await client.schedule({
      timer: {
        owner,
        timerKey: 'one',
        version: 3n,
        when: { $case: 'delay', value: { seconds: 1n, nanos: 0 } },
        firedKey: 'somewhere',
        payload: Buffer.from('remember the milk'),
      },
    });

    const { timer } = await client.get({ owner, timerKey: 'one', minVersion: 3n });
    expect(timer).toMatchObject({ version: 3n, state: TimerState.TIMER_STATE_PENDING, dueAt, firedKey: 'somewhere' });
    const [fired] = await eventually(() => {
      expect(firesOf('one')).not.toEqual([]);
      return firesOf('one');
    });
    expect(fired).toMatchObject({ key: 'somewhere', id: 'one:3', event: { owner, version: 3n, dueAt } });
    expect(fired?.event.payload.toString()).toBe('remember the milk');
    expect(fired?.headers['time']).toBe(dueAt?.toISOString());
    expect(fired?.at).toBeGreaterThanOrEqual(dueAt?.getTime() ?? Infinity);
    await eventually(async () => {
      await expect(client.get({ owner, timerKey: 'one' })).rejects.toMatchObject({ code: 'timer.not-found' });
    });
    client.close();
  });

  it('TM-1 that is armed over Kafka fires, and brings the headers of its command', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await installation.say([arm('two', 1n, 1_000)], { org: 'acme', traceparent });

    await eventually(() => {
      expect(firesOf('two')).toMatchObject([{ key: 'key-of-two', headers: { org: 'acme', traceparent } }]);
    });
  });

  it('TM-1 that is overdue when it is armed fires at once', async () => {
    await installation.say([arm('late', 1n, -60_000)]);

    await eventually(() => {
      expect(firesOf('late')).toHaveLength(1);
    });
  });

  it('TM-1 that is moved fires at its new time only; an older version moves nothing', async () => {
    const { owner } = installation;
    const client = await installation.client();
    await installation.say([arm('moved', 5n, 1_500, 'kept')]);

    await client.reset({ owner, timerKey: 'moved', version: 6n, when: delay(4) });
    await client.reset({ owner, timerKey: 'moved', version: 2n, when: delay(1) });

    const [fired] = await eventually(() => {
      expect(firesOf('moved')).toHaveLength(1);
      return firesOf('moved');
    });
    expect(fired?.event.version).toBe(6n);
    expect(fired?.event.payload.toString()).toBe('kept');
    client.close();
  });

  it('TM-1 that is cancelled does not fire, and can be armed anew', async () => {
    const { owner } = installation;
    const client = await installation.client();
    await installation.say([arm('cancelled', 1n, 1_500), arm('guard', 1n, 2_500)]);

    await client.cancel({ owner, timerKey: 'cancelled', version: 2n });

    const { timer } = await client.get({ owner, timerKey: 'cancelled', minVersion: 2n });
    expect(timer).toMatchObject({ version: 2n, state: TimerState.TIMER_STATE_CANCELLED });
    await eventually(() => {
      expect(firesOf('guard')).toHaveLength(1);
    });
    expect(firesOf('cancelled')).toEqual([]);
    await installation.say([arm('cancelled', 3n, 100)]);
    await eventually(() => {
      expect(firesOf('cancelled')).toMatchObject([{ event: { version: 3n } }]);
    });
    client.close();
  });

  it('TM-1 is listed with its like, in pages, by key', async () => {
    const { owner } = installation;
    const client = await installation.client();
    const timers = Array.from({ length: 7 }, (_, index) => ({
      owner,
      timerKey: `list:${index}`,
      version: 1n,
      when: delay(3_600),
      firedKey: '',
      payload: Buffer.alloc(0),
    }));
    await client.scheduleBatch({ timers });
    for (const { timerKey } of timers) await client.get({ owner, timerKey, minVersion: 1n });

    const keys: string[] = [];
    let pages = 0;
    for (let pageToken = ''; pages === 0 || pageToken !== ''; pages += 1) {
      const page = await client.list({ owner, pageSize: 3, keyPrefix: 'list:', pageToken });
      keys.push(...page.timers.map(({ timerKey }) => timerKey));
      pageToken = page.nextPageToken;
    }

    expect(keys).toEqual(timers.map(({ timerKey }) => timerKey));
    expect(pages).toBe(3);
    client.close();
  });
});

describe('what is refused', () => {
  it('is named with the rule and the remedy, and nothing of a batch is armed', async () => {
    const { owner } = installation;
    const client = await installation.client();
    const good = { owner, timerKey: 'half', version: 1n, when: delay(60), firedKey: '', payload: Buffer.alloc(0) };

    const refused: unknown = await client
      .scheduleBatch({ timers: [good, { ...good, owner: 'nobody', version: 0n, when: delay(0) }] })
      .catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(Failure);
    expect((refused as Failure).violations.map(({ field }) => field)).toEqual([
      'timers[1].owner',
      'timers[1].version',
      'timers[1].delay',
    ]);
    await expect(client.get({ owner, timerKey: 'half' })).rejects.toMatchObject({ kind: 'not-found' });
    client.close();
  });

  it('is the token of an organisation: timers belong to services', async () => {
    const client = await installation.client('timer.*', 'acme');

    await expect(client.list({ owner: installation.owner })).rejects.toMatchObject({ code: 'timer.internal-only' });
    client.close();
  });

  it('on Kafka is set aside, and what follows goes on', async () => {
    await installation.say([
      { ...arm('bad', 0n, 100) },
      { ...arm('bad', 1n, 500 * 86_400_000) },
      arm('after', 1n, 100),
    ]);

    await eventually(async () => {
      expect(firesOf('after')).toHaveLength(1);
      expect(await installation.metrics()).toMatch(/timer_commands_total\{kind="refused",service="timer"\} 2/);
    });
    expect(firesOf('bad')).toEqual([]);
  });
});

const delay = (seconds: number) => ({ $case: 'delay' as const, value: { seconds: BigInt(seconds), nanos: 0 } });
