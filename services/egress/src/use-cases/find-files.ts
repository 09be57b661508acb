import { fileIdsIn, type FoundFiles, noFiles } from '../domain/gate/files.js';
import { type Question } from '../domain/gate.js';
import { type Numbers } from './ports.js';
import { type MetaMedia } from './media/ports.js';

export type FindFiles = ReturnType<typeof createFindFiles>;

/** What is known of the files of messages, in the order asked; each file is looked up once. */
export function createFindFiles({ metaMedia, numbers }: { metaMedia: Pick<MetaMedia, 'about'>; numbers: Numbers }) {
  return async function findFiles(
    all: readonly (Pick<Question, 'content' | 'organisation'> & { readonly number: string })[],
  ): Promise<readonly FoundFiles[]> {
    const asked = new Map<string, ReturnType<MetaMedia['about']>>();
    function about(fileId: string, organisation: string): ReturnType<MetaMedia['about']> {
      const key = `${organisation}:${fileId}`;
      const answer = asked.get(key) ?? metaMedia.about(fileId, organisation);
      asked.set(key, answer);
      return answer;
    }
    return Promise.all(
      all.map(async ({ content, organisation, number }): Promise<FoundFiles> => {
        const ids = fileIdsIn(content);
        if (ids.length === 0) return noFiles;
        const whose = organisation ?? numbers.view(number)?.organisation ?? '';
        const found = await Promise.all(ids.map(async (id) => [id, await about(id, whose)] as const));
        return new Map(found.flatMap(([id, file]) => (file ? [[id, file] as const] : [])));
      }),
    );
  };
}
