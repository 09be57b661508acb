import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection, type mongo } from 'mongoose';
import { templateIn, type TemplateView } from '../../domain/template.js';
import { type Templates } from '../../use-cases/template-ports.js';

interface TemplateDocument extends Omit<TemplateView, 'templateId'> {
  /** Id of the template. */
  _id: string;
}

const TEMPLATES = 'templates';

export const templatesIndexes: readonly IndexSpec[] = [{ collection: TEMPLATES, key: { waba: 1, name: 1 } }];

/** A projection of `template.templates`: may be written twice, late, and by anybody. Deleted ones stay, as there. */
export function createTemplates(connection: Connection): Templates {
  const collection: mongo.Collection<TemplateDocument> = connection.collection<TemplateDocument>(TEMPLATES);

  return {
    note: (templates) =>
      translated(async () => {
        if (templates.length === 0) return;
        const operations = templates.map(({ templateId: _id, ...template }) => ({
          updateOne: {
            filter: { _id },
            update: [
              {
                $replaceWith: {
                  $cond: [
                    { $gt: [template.revision, { $ifNull: ['$revision', -1] }] },
                    { $literal: { _id, ...template } },
                    '$$ROOT',
                  ],
                },
              },
            ],
            upsert: true,
          },
        }));
        await collection.bulkWrite(operations, { ordered: true });
      }),
    find: (waba, name, language) =>
      translated(async () => {
        const named = await collection.find({ waba, name }).toArray();
        const found = templateIn(
          named.map(({ _id, ...template }) => ({ templateId: _id, ...template })),
          language,
        );
        if (found.kind !== 'unknown' || named.length > 0) return found;
        return (await collection.findOne({ waba }, { projection: { _id: 1 } })) ? found : { kind: 'unchecked' };
      }),
  };
}
