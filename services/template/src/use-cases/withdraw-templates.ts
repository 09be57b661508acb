import { mustBeDeletable, mustBePaced } from '../domain/rules.js';
import { isDeleted } from '../domain/template.js';
import { type Access } from './access.js';
import { type Clock, type Directory, type MetaTemplates, type Templates, type TemplateView } from './ports.js';
import { type Caller } from './requests.js';

export type WithdrawTemplates = ReturnType<typeof createWithdrawTemplates>;

/** Takes templates away, and ends pauses. */
export function createWithdrawTemplates(deps: {
  templates: Templates;
  directory: Directory;
  meta: MetaTemplates;
  access: Access;
  now: Clock;
}) {
  const { templates, directory, meta, access, now } = deps;

  /** All languages of the name that the caller may touch, and whether somebody else has one too. */
  async function languagesOf(caller: Caller, { template }: TemplateView) {
    const ids = await directory.named(template.wabaId, template.name);
    const visible = (await Promise.all(ids.map((id) => access.read(caller, id)))).filter((each) => each !== undefined);
    return {
      visible,
      isShared:
        visible.some((each) => each.template.organisationId !== template.organisationId) || visible.length < ids.length,
    };
  }

  return {
    /** Safe to repeat: what is gone at Meta is gone here. */
    async remove(
      caller: Caller,
      request: { readonly templateId: string; readonly allLanguages: boolean },
    ): Promise<TemplateView[]> {
      const found = await access.mustSee(caller, request.templateId);
      const { wabaId, name } = found.template;
      const { visible, isShared } = request.allLanguages
        ? await languagesOf(caller, found)
        : { visible: [found], isShared: true };
      for (const { template } of visible) mustBeDeletable(template);
      const left = visible.filter(({ template }) => template.metaTemplateId !== '' && !isDeleted(template));
      // By the name alone Meta also takes away languages that nobody has told us of.
      if (!isShared && left.length > 0) await meta.remove(wabaId, name, null);
      else for (const { template } of left) await meta.remove(wabaId, name, template.metaTemplateId);
      return Promise.all(
        visible.map(async ({ templateId }) => ({
          templateId,
          ...(await templates.command(templateId, { kind: 'deleted', at: now() })),
        })),
      );
    },

    async unpause(caller: Caller, templateId: string): Promise<TemplateView> {
      const { template } = await access.mustSeeLive(caller, templateId);
      mustBePaced(template, now());
      await meta.unpause(template.wabaId, template.metaTemplateId);
      return { templateId, ...(await templates.command(templateId, { kind: 'unpaused', at: now() })) };
    },
  };
}
