import { isTransient } from '@switchboard/errors';
import { META_MEDIA_MS } from '../../domain/media/file.js';
import { withoutToken } from '../../domain/gate.js';
import { type Clock, type MetaTokens, type Numbers } from '../ports.js';
import {
  type Files,
  type FileStore,
  type MediaIdResult,
  type MediaIds,
  type MediaObserver,
  type MetaFiles,
  type MetaMedia,
} from './ports.js';

/** Uploads once per number and reuses Meta's id while it lives (AT-4). Those who ask meanwhile share the upload. */
export function createMetaMedia(deps: {
  files: Files;
  store: FileStore;
  ids: MediaIds;
  meta: MetaFiles;
  tokens: MetaTokens;
  numbers: Numbers;
  clock: Clock;
  observer: MediaObserver;
}): MetaMedia {
  const { files, store, ids, meta, tokens, numbers, clock, observer } = deps;
  const underWay = new Map<string, Promise<MediaIdResult>>();

  async function find(number: string, fileId: string): Promise<MediaIdResult> {
    const known = await ids.find(number, fileId, clock.now());
    if (known !== undefined) {
      observer.toMeta('reused');
      return { kind: 'id', mediaId: known };
    }
    const view = numbers.view(number);
    const file = await files.find(fileId);
    if (file?.state !== 'ready' || file.organisation !== view?.organisation) return missing;
    const content = store.read(file.object);
    const result = await meta.upload(number, await tokens.of(number, view.version), { ...file, content });
    observer.toMeta(result.kind === 'id' ? 'uploaded' : result.kind);
    if (result.kind === 'id') {
      await ids.keep(number, fileId, result.mediaId, new Date(clock.now().getTime() + META_MEDIA_MS));
    }
    return result;
  }

  async function settled(number: string, fileId: string): Promise<MediaIdResult> {
    try {
      return await find(number, fileId);
    } catch (error) {
      observer.warn({ number, fileId, error }, 'a file cannot be handed to Meta');
      if (isTransient(error)) return { kind: 'not-sent', reason: error.message };
      const code = (error as { readonly code?: unknown }).code;
      if (code === BYTES_MISSING) return missing;
      return stopped;
    }
  }

  return {
    idOf(number, fileId) {
      const key = `${number}:${fileId}`;
      const running = underWay.get(key);
      if (running) return running;
      const result = settled(number, fileId).finally(() => underWay.delete(key));
      underWay.set(key, result);
      return result;
    },
    forget: ids.forget,
    async about(fileId, organisation) {
      const file = await files.find(fileId);
      if (file?.organisation !== organisation) return undefined;
      const { kind, mimeType, filename, sizeBytes, state } = file;
      return { kind, mimeType, filename, sizeBytes, state };
    },
  };
}

const BYTES_MISSING = 'egress.media-bytes-missing';

const missing: MediaIdResult = {
  kind: 'refused',
  error: { code: 131_053, title: 'Media upload error', message: 'the file is not there', details: '', href: '' },
  consequence: 'fix',
  scope: 'message',
  remedy: 'upload the file again and send the new one',
};

/** Account has no token for the number: somebody has to give it one. */
const stopped: MediaIdResult = {
  kind: 'refused',
  error: { code: 190, title: 'No access', message: withoutToken.reason, details: '', href: '' },
  consequence: 'stop',
  scope: 'number',
  remedy: withoutToken.remedy,
};
