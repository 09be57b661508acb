import { type TimerCommand, TimerFired } from '@switchboard/contracts/timer/v1/events';
import { timerCommands, timerFired } from '@switchboard/contracts/topics';
import { connectKafka, createProducer, createTail, eventRecord } from '@switchboard/kafka';

export interface Fire {
  readonly event: TimerFired;
  readonly id: string;
  /** When it was said, in milliseconds. */
  readonly at: number;
}

/** A service that has timers: says commands on Kafka and hears its fires, obeying the version last armed only. */
export interface TimerOwner {
  readonly arm: (timers: readonly { key: string; version: number; due: number }[]) => Promise<void>;
  /** Notes what was armed by other means. */
  readonly armed: (key: string, version: number) => void;
  /** Everything that came, repetitions too. */
  readonly heard: () => readonly Fire[];
  readonly obeyed: () => ReadonlyMap<string, Fire>;
  /** Armed and not obeyed. */
  readonly waiting: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startTimerOwner(brokers: readonly string[], owner: string): Promise<TimerOwner> {
  const kafka = connectKafka({ brokers: [...brokers], clientId: owner });
  const producer = createProducer(kafka, { patience: 'retry' });
  const tail = createTail<Fire>(kafka, {
    topics: [timerFired(owner)],
    select: ({ value, headers, timestamp }) =>
      value ? { event: TimerFired.decode(value), id: headers['id'] ?? '', at: timestamp } : undefined,
  });
  await Promise.all([producer.start(), tail.start()]);
  const armed = new Map<string, number>();
  const heard: Fire[] = [];
  const obeyed = new Map<string, Fire>();
  const reading = new AbortController();
  const read = (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal })) {
      if (each.kind !== 'item') continue;
      heard.push(each.item);
      const { timerKey, version } = each.item.event;
      if (armed.get(timerKey) !== Number(version)) continue;
      armed.delete(timerKey);
      obeyed.set(each.item.id, each.item);
    }
  })();

  return {
    async arm(timers) {
      for (const { key, version } of timers) armed.set(key, version);
      await producer.send(
        timers.map(({ key, version, due }) => {
          const command: TimerCommand = {
            owner,
            timerKey: key,
            version: BigInt(version),
            command: {
              $case: 'arm',
              value: { dueAt: new Date(due), firedKey: '', payload: Buffer.from(`${key}:${version}`) },
            },
          };
          return eventRecord(timerCommands, command, { key, id: `${owner}/${key}:${version}`, time: new Date() });
        }),
      );
    },
    armed: (key, version) => void armed.set(key, version),
    heard: () => heard,
    obeyed: () => obeyed,
    waiting: () => [...armed].map(([key, version]) => `${key}:${version}`),
    async stop() {
      reading.abort();
      await read;
      await tail.stop();
      await producer.stop();
    },
  };
}
