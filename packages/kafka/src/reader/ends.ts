import { type Component } from '@switchboard/service-kit';
import { type KafkaClient } from '../client.js';
import { unreachable } from '../failures.js';
import { untilItWorks } from '../retry.js';
import { createDirect } from './direct.js';

/** Where the partitions of a topic begin and end, asked over a connection that stays. */
export interface Ends extends Component {
  /**
   * First offset and end of every partition, in the order of their numbers, as of a moment after the call: what was
   * acknowledged before it lies below the end. `unavailable` while Kafka is away.
   */
  readonly now: () => Promise<{ readonly first: number; readonly end: number }[]>;
}

/** For whoever must know, many times a minute, whether all of a log has been read. */
export function createEnds(client: KafkaClient, topic: string): Ends {
  const direct = createDirect(client, [topic]);
  const stopping = new AbortController();
  return {
    name: `ends of ${topic}`,
    start: () =>
      untilItWorks(direct.connect, { what: `ends of ${topic}`, logger: client.logger, signal: stopping.signal }),
    async now() {
      try {
        const [firsts, ends] = await Promise.all([direct.slots('first'), direct.slots('end')]);
        return ends.map(({ next }, partition) => ({ first: firsts[partition]?.next ?? 0, end: next }));
      } catch (error) {
        await direct.recover(error).catch(() => undefined);
        throw unreachable(error);
      }
    },
    async stop() {
      stopping.abort();
      await direct.close().catch(() => undefined);
    },
  };
}
