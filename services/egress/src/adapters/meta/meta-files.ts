import { type GraphClient, type MediaClient } from '@switchboard/graph-api';
import { type MetaFiles } from '../../use-cases/media/ports.js';
import { toRefused } from './refused.js';

/** The content of files at Meta. */
export function createMetaFiles(graph: Pick<GraphClient, 'getMedia'>, media: MediaClient): MetaFiles {
  return {
    async upload(number, token, file) {
      const outcome = await media.upload(number, token, file);
      switch (outcome.kind) {
        case 'uploaded':
          return { kind: 'id', mediaId: outcome.mediaId };
        case 'refused':
          return toRefused(outcome);
        case 'failed':
          // Nothing was sent to anybody: another try is as good as the first.
          return { kind: 'not-sent', reason: outcome.reason };
      }
    },
    describe: ({ number, mediaId }, token) => graph.getMedia(mediaId, number, token),
    download: media.download,
  };
}
