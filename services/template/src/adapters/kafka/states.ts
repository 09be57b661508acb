import { type EncodedEvent, type Snapshot } from '@switchboard/aggregates';
import { templateTemplates } from '@switchboard/contracts/topics';
import { type Template } from '../../domain/template.js';
import { categoryToProto, templateToProto } from '../../proto/template.js';

/** The record of template.templates. */
export function templateRecord(templateId: string, { sequence, state }: Snapshot<Template>): EncodedEvent {
  const { organisationId, changedAt, categoryBefore } = state;
  return {
    topic: templateTemplates.name,
    type: templateTemplates.type,
    key: templateId,
    id: `${templateId}:${sequence}`,
    time: changedAt,
    headers: { org: organisationId },
    value: templateTemplates.encode({
      template: templateToProto({ templateId, revision: sequence, template: state }),
      changedAt,
      categoryBefore: categoryToProto(categoryBefore),
    }),
  };
}
