import { fileIdsIn } from '../../domain/gate/files.js';
import { type Refusal } from '../../domain/gate.js';
import { type Content, withMedia } from '../../domain/content.js';
import { isUnknownAtMeta } from '../../domain/media/file.js';
import { afterNotSent, becauseOf, type Next, nextAfter, type NumberWaits, type Refused } from '../../domain/retry.js';
import { type Clock, type MetaTokens, type QueuedMessage } from '../ports.js';
import { type MediaIdResult, type MetaMedia } from '../media/ports.js';
import { type Persist } from './persist.js';

/** Whether the files of a message are at Meta. */
export type AtMeta =
  /** They are; its content with Meta's ids in their place. */
  | { readonly kind: 'there'; readonly withIds: <C extends Content>(content: C) => C }
  /** They never will be. */
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  /** Not yet: the customer waits, or the whole number. */
  | {
      readonly kind: 'wait';
      readonly waits: (NumberWaits | (Next & { readonly kind: 'lane' })) & {
        readonly because: Refusal;
        readonly refusedSince: Date;
        readonly version: number;
      };
    };

/** The number as it is: how often it was held, and its version. */
interface NumberNow {
  readonly strikes: number;
  readonly version: number;
}

export interface FilesAtMeta {
  /** Uploads what is not there yet. It may take long, so it is asked before an attempt begins. */
  readonly of: (message: QueuedMessage, now: NumberNow) => Promise<AtMeta>;
  /** True when Meta does not know the ids of the message's files: they are forgotten, and the next attempt uploads anew. */
  readonly forgotten: (
    message: { readonly number: string; readonly content: Content },
    by: Refused,
  ) => Promise<boolean>;
}

/** Brings files of ours to Meta before the messages that name them (AT-4). */
export function createFilesAtMeta(deps: {
  metaMedia: Pick<MetaMedia, 'idOf' | 'forget'>;
  tokens: MetaTokens;
  clock: Clock;
  persist: Persist;
}): FilesAtMeta {
  const { metaMedia, tokens, clock, persist } = deps;

  function without(message: QueuedMessage, why: Exclude<MediaIdResult, { kind: 'id' }>, now: NumberNow): AtMeta {
    const { strikes, version } = now;
    const refusedSince = message.refusedSince ?? clock.now();
    if (why.kind === 'not-sent') {
      const { afterMs } = afterNotSent({ tries: message.tries, strikes: 0 });
      // Text of the number goes on meanwhile: only what sends this file waits for it.
      return { kind: 'wait', waits: { kind: 'lane', afterMs, because: notAtMeta(why.reason), refusedSince, version } };
    }
    // Another token may be there by now, so account is asked again.
    if (why.consequence === 'stop') tokens.forget(message.number);
    const because = becauseOf(why);
    const next = nextAfter(why, { tries: message.tries, strikes });
    if (next.kind === 'over') return { kind: 'refuse', refusal: because };
    return { kind: 'wait', waits: { ...next, because, refusedSince, version } };
  }

  return {
    async of(message, now) {
      const found = new Map<string, string>();
      const results = fileIdsIn(message.content).map(
        async (fileId) => [fileId, await metaMedia.idOf(message.number, fileId)] as const,
      );
      for (const [fileId, result] of await Promise.all(results)) {
        if (result.kind !== 'id') return without(message, result, now);
        found.set(fileId, result.mediaId);
      }
      return { kind: 'there', withIds: (content) => (found.size === 0 ? content : withMediaIds(content, found)) };
    },
    async forgotten({ number, content }, { error }) {
      const fileIds = fileIdsIn(content);
      if (fileIds.length === 0 || !isUnknownAtMeta(error)) return false;
      await persist('an id of Meta cannot be forgotten', () =>
        Promise.all(fileIds.map((fileId) => metaMedia.forget(number, fileId))),
      );
      return true;
    },
  };
}

const withMediaIds = <C extends Content>(content: C, ids: ReadonlyMap<string, string>): C =>
  withMedia(content, ({ fileId, ...media }) => {
    const mediaId = fileId === undefined ? undefined : ids.get(fileId);
    return mediaId === undefined ? { ...media, ...(fileId !== undefined && { fileId }) } : { ...media, mediaId };
  });

const notAtMeta = (reason: string): Refusal => ({
  code: 'egress.media-not-at-meta',
  reason: `its file could not be handed to Meta: ${reason}`,
  remedy: 'look whether the store of files and Meta can be reached',
});
