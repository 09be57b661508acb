import { Failure } from '@switchboard/errors';
import { type Category, type TemplateContent } from '../domain/content.js';
import { contentProblems, templateProblems } from '../domain/grammar/grammar.js';
import { shownVersion } from '../domain/template.js';
import { type Access } from './access.js';
import { type Clock, type TemplateIdOf, type Templates, type TemplateView } from './ports.js';
import { anOrganisationId, aTemplateId, aWabaId, type Caller, demand, mustHaveNo, orEmpty } from './requests.js';

export interface NewTemplate {
  readonly organisationId: string;
  readonly wabaId: string;
  readonly name: string;
  readonly language: string;
  /** Undefined where the caller said nothing that we know. */
  readonly category: Category | undefined;
  readonly content: TemplateContent;
}

const GRAMMAR = 'template.grammar';

export type WriteTemplates = ReturnType<typeof createWriteTemplates>;

/** Drafts and their versions; Meta hears of them when they are submitted (TP-1). */
export function createWriteTemplates(deps: { templates: Templates; access: Access; idOf: TemplateIdOf; now: Clock }) {
  const { templates, access, idOf, now } = deps;

  async function keep(caller: Caller, draft: NewTemplate): Promise<TemplateView> {
    const { organisationId, wabaId, name, language, content } = draft;
    access.mustHaveNumber(organisationId, wabaId);
    mustHaveNo(templateProblems(draft), GRAMMAR);
    const templateId = idOf(wabaId, name, language);
    const { category = 'utility' } = draft;
    const about = { organisationId, wabaId, name, language, category, content, at: now(), by: caller.subject };
    return { templateId, ...(await templates.command(templateId, { kind: 'create', ...about })) };
  }

  return {
    async create(caller: Caller, draft: NewTemplate): Promise<TemplateView> {
      const organisationId = draft.organisationId || (caller.organisationId ?? '');
      demand(anOrganisationId('organisation_id', organisationId), aWabaId('waba_id', draft.wabaId));
      if (caller.organisationId !== null && caller.organisationId !== organisationId) {
        throw new Failure(
          'forbidden',
          'template.other-organisation',
          'the token is for another organisation; leave organisation_id out',
        );
      }
      return keep(caller, { ...draft, organisationId });
    },

    async edit(
      caller: Caller,
      request: {
        readonly templateId: string;
        readonly expectedLatestVersion: number;
        readonly category: Category | undefined;
        readonly content: TemplateContent;
      },
    ): Promise<TemplateView> {
      const { templateId, expectedLatestVersion, content, category = null } = request;
      const { template } = await access.mustSeeLive(caller, templateId);
      mustHaveNo(contentProblems(content, category ?? template.category), GRAMMAR);
      const about = { expectedLatestVersion, category, content, at: now(), by: caller.subject };
      return { templateId, ...(await templates.command(templateId, { kind: 'edit', ...about })) };
    },

    async duplicate(
      caller: Caller,
      request: {
        readonly templateId: string;
        readonly name: string;
        readonly language: string;
        readonly wabaId: string;
      },
    ): Promise<TemplateView> {
      demand(aTemplateId('template_id', request.templateId), orEmpty(aWabaId)('waba_id', request.wabaId));
      const { template } = await access.mustSee(caller, request.templateId);
      const shown = shownVersion(template);
      if (!shown) throw new Error('a template without a version');
      const { organisationId, category } = template;
      return keep(caller, {
        organisationId,
        category,
        content: shown.content,
        wabaId: request.wabaId || template.wabaId,
        name: request.name || template.name,
        language: request.language || template.language,
      });
    },
  };
}
