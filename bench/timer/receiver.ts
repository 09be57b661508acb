import { TimerFired } from '@switchboard/contracts/timer/v1/events';
import { timerFired } from '@switchboard/contracts/topics';
import { createTail, type KafkaClient } from '@switchboard/kafka';
import { OWNER } from './world.ts';

export interface Heard {
  readonly id: string;
  /** From the deadline until it was said; negative is early. */
  readonly lateMs: number;
}

/** Hears what fires, from now on. */
export async function startReceiver(kafka: KafkaClient): Promise<{ heard: Heard[]; stop: () => Promise<void> }> {
  const tail = createTail<Heard>(kafka, {
    topics: [timerFired(OWNER)],
    select: ({ value, headers, timestamp }) => {
      const due = value ? TimerFired.decode(value).dueAt?.getTime() : undefined;
      return due === undefined ? undefined : { id: headers['id'] ?? '', lateMs: timestamp - due };
    },
  });
  await tail.start();
  const heard: Heard[] = [];
  const reading = new AbortController();
  const read = (async () => {
    for await (const each of tail.subscribe({ from: tail.cursor(), signal: reading.signal }))
      if (each.kind === 'item') heard.push(each.item);
  })();
  return {
    heard,
    async stop() {
      reading.abort();
      await read;
      await tail.stop();
    },
  };
}
