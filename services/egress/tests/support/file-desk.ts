import { type SendableFile } from '../../src/domain/media/file.js';
import { type MediaIdResult, type MetaMedia } from '../../src/use-cases/media/ports.js';

/** Files that are there, and Meta's ids of them, in memory; what an upload comes to is the test's to say. */
export function createFileDesk() {
  const files = new Map<string, SendableFile & { readonly organisation: string }>();
  const ids = new Map<string, string>();
  const uploads: string[] = [];
  const desk = {
    files,
    /** In order, by file. */
    uploads,
    upload: (): Promise<MediaIdResult> => Promise.resolve({ kind: 'id', mediaId: `at-meta-${uploads.length}` }),
  };
  const metaMedia: MetaMedia = {
    about(fileId, organisation) {
      const file = files.get(fileId);
      return Promise.resolve(file?.organisation === organisation ? file : undefined);
    },
    async idOf(number, fileId) {
      const key = `${number}:${fileId}`;
      const known = ids.get(key);
      if (known !== undefined) return { kind: 'id', mediaId: known };
      uploads.push(fileId);
      const result = await desk.upload();
      if (result.kind === 'id') ids.set(key, result.mediaId);
      return result;
    },
    forget(number, fileId) {
      ids.delete(`${number}:${fileId}`);
      return Promise.resolve();
    },
  };
  return Object.assign(desk, { metaMedia });
}
