import { AT_META_MS } from '../../domain/media/file.js';
import { type FileKind } from '../../domain/media/formats.js';
import { type Clock, type Hash, type Numbers } from '../ports.js';
import { type FetchList } from './ports.js';
import { inboundFileId } from './find-file.js';

/** A file in a message of a customer, or in one that the business wrote elsewhere. */
export interface InboundMedia {
  readonly number: string;
  readonly mediaId: string;
  readonly partition: number;
  readonly kind: FileKind;
  readonly mimeType: string;
  readonly filename: string;
  readonly sha256: string;
  readonly sentAt: Date | undefined;
}

export type ExpectInbound = ReturnType<typeof createExpectInbound>;

/** Writes down what is to be fetched and goes on (AT-3): fetching is nobody's wait. */
export function createExpectInbound(deps: {
  list: FetchList;
  numbers: Numbers;
  clock: Clock;
  hash: Hash;
  look: (partition: number) => void;
}) {
  const { list, numbers, clock, hash, look } = deps;

  return async function expectInbound(media: readonly InboundMedia[]): Promise<void> {
    if (media.length === 0) return;
    const now = clock.now();
    await list.expect(
      media.map(({ number, mediaId, sentAt = now, ...about }) => ({
        ...about,
        fileId: inboundFileId(hash, { number, mediaId }),
        origin: { number, mediaId },
        organisation: numbers.view(number)?.organisation ?? '',
        giveUpAt: new Date(sentAt.getTime() + AT_META_MS),
        createdAt: now,
      })),
    );
    for (const partition of new Set(media.map((each) => each.partition))) look(partition);
  };
}
