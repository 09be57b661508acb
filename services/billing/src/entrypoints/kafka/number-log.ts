import {
  accountNumbers,
  billingWake,
  billingWallets,
  egressMessages,
  sourceCode,
  type Topic,
} from '@switchboard/contracts/topics';
import { type CompactedPublisher } from '@switchboard/aggregates';
import { type Chunk, type HandleChunk, type IncomingRecord, type SourceTopic } from '@switchboard/kafka';
import { type HearMessages } from '../../use-cases/hear-messages.js';
import { type PayerUseCases } from '../../use-cases/payers.js';
import { readMessageEvent } from './message-news.js';

const asSource = (topic: Pick<Topic<unknown>, 'name' | 'code' | 'generation'>): SourceTopic => ({
  topic: topic.name,
  code: sourceCode(topic),
});

/** What billing reads in stretches; timers come one by one. */
export const sources: readonly SourceTopic[] = [accountNumbers, egressMessages, billingWallets, billingWake].map(
  asSource,
);

/** Handles stretches of the logs: who pays is settled anew, money moves, news of numbers are published. */
export function createNumberLog(deps: {
  payers: Pick<PayerUseCases, 'tellNumber' | 'walletStands' | 'walletsChanged'>;
  hearMessages: HearMessages;
  publisher: Pick<CompactedPublisher, 'wake'>;
  /** Publishes a record that cannot be read, as it was, with the reason. */
  keep: (chunk: Chunk, record: IncomingRecord, reason: string) => Promise<void>;
}): HandleChunk {
  const { payers, hearMessages, publisher, keep } = deps;

  async function read<T>(topic: Pick<Topic<T>, 'decode'>, chunk: Chunk): Promise<T[]> {
    const events: T[] = [];
    for (const record of chunk.records) {
      // A tombstone of a compacted topic says nothing.
      if (record.value === null) continue;
      try {
        events.push(topic.decode(record.value));
      } catch (error) {
        await keep(chunk, record, `undecodable: ${String(error)}`);
      }
    }
    return events;
  }

  /** The newest word of each number. */
  async function hearNumbers(chunk: Chunk): Promise<void> {
    const newest = new Map((await read(accountNumbers, chunk)).map((state) => [state.phoneNumberId, state]));
    for (const [number, { version, organisationId: organisation, brandId: brand, ...about }] of newest) {
      const { wabaId: waba, portfolioId: portfolio } = about;
      await payers.tellNumber(number, { version: Number(version), organisation, brand, waba, portfolio });
    }
  }

  async function hearWallets(chunk: Chunk): Promise<void> {
    const events = await read(billingWallets, chunk);
    const changed = events.flatMap(({ event, organisationId }) => (event?.$case === 'changed' ? [organisationId] : []));
    for (const organisation of new Set(changed)) await payers.walletsChanged(organisation);
    const newest = new Map(events.map((event) => [event.walletId, event]));
    for (const [walletId, { availableMicros }] of newest) await payers.walletStands(walletId, availableMicros > 0n);
  }

  return async function handleChunk(chunk, { signal }) {
    switch (chunk.topic) {
      case accountNumbers.name:
        await hearNumbers(chunk);
        break;
      case egressMessages.name:
        await hearMessages((await read(egressMessages, chunk)).flatMap((event) => readMessageEvent(event) ?? []));
        break;
      case billingWallets.name:
        await hearWallets(chunk);
        break;
      case billingWake.name: {
        const numbers = new Set((await read(billingWake, chunk)).map(({ phoneNumberId }) => phoneNumberId));
        await publisher.wake(chunk.partition, [...numbers], signal);
        break;
      }
      default:
        throw new TypeError(`nobody hears ${chunk.topic}`);
    }
    return { done: Promise.resolve() };
  };
}
