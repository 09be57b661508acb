import { Failure } from '@switchboard/errors';
import { type GraphClient } from '@switchboard/graph-api';
import { statusOfMeta } from '../../domain/hear.js';
import { type MetaTemplates } from '../../use-cases/ports.js';
import { type CallMeta } from './calls.js';
import { categoryFromMeta, templateFromMeta } from './from-meta.js';
import { isGone, translated } from './refusals.js';
import { contentToMeta, templateToMeta } from './to-meta.js';

const PAGE = 100;
const fields = [
  'id',
  'name',
  'language',
  'status',
  'category',
  'components',
  'parameter_format',
  'quality_score',
  'rejected_reason',
  'message_send_ttl_seconds',
];

/** Templates through the Graph API. */
export function createMetaTemplates(
  graph: Pick<GraphClient, 'createTemplate' | 'editTemplate' | 'deleteTemplate' | 'unpauseTemplate' | 'listTemplates'>,
  callMeta: CallMeta,
): MetaTemplates {
  return {
    async create(wabaId, named, category, content) {
      const body = templateToMeta(named, category, content);
      const answer = await translated(() =>
        callMeta(wabaId, 'people', (token) => graph.createTemplate(wabaId, token, body)),
      );
      return {
        metaTemplateId: answer.id,
        status: statusOfMeta(answer.status) ?? 'pending',
        category: categoryFromMeta(answer.category) ?? category,
      };
    },

    async edit(wabaId, metaTemplateId, category, contentAs) {
      const content = contentToMeta(contentAs.content, contentAs.category);
      const changes = { ...content, ...(category && { category: category.toUpperCase() }) };
      await translated(() => callMeta(wabaId, 'people', (token) => graph.editTemplate(metaTemplateId, token, changes)));
    },

    async remove(wabaId, name, metaTemplateId) {
      try {
        await callMeta(wabaId, 'people', (token) =>
          graph.deleteTemplate(wabaId, token, name, metaTemplateId ?? undefined),
        );
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },

    unpause: (wabaId, metaTemplateId) =>
      callMeta(wabaId, 'people', (token) => graph.unpauseTemplate(metaTemplateId, token)),

    async find(wabaId, name, language, callFor) {
      for (let after: string | undefined; ;) {
        const query = { fields, limit: PAGE, after, name, language };
        const page = await callMeta(wabaId, callFor, (token) => graph.listTemplates(wabaId, token, query));
        // Meta also finds names that hold this one.
        const found = page.templates
          .map(templateFromMeta)
          .find((each) => each.name === name && each.language === language);
        if (found) return found.template ?? unreadable(name);
        if (page.after === undefined) return undefined;
        after = page.after;
      }
    },

    async page(wabaId, after, callFor) {
      const query = { fields, limit: PAGE, after };
      const page = await callMeta(wabaId, callFor, (token) => graph.listTemplates(wabaId, token, query));
      const read = page.templates.map(templateFromMeta);
      return {
        templates: read.flatMap(({ template }) => template ?? []),
        unread: read.filter(({ template }) => !template),
        after: page.after,
      };
    },
  };
}

function unreadable(name: string): never {
  throw new Failure(
    'conflict',
    'template.unreadable-at-meta',
    `what Meta says of template ${name} is not understood by this version; look at it in WhatsApp Manager`,
  );
}
