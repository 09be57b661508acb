import { mustExist, templateNotFound } from '../domain/rules.js';
import { isMade, type Template } from '../domain/template.js';
import { type Accounts, type Templates, type TemplateIdOf, type TemplateView } from './ports.js';
import { accountNotFound, aTemplateId, type Caller, demand } from './requests.js';

export type Access = ReturnType<typeof createAccess>;

/** Who may see what: a token with an organisation sees that one alone. */
export function createAccess(deps: { templates: Pick<Templates, 'read'>; accounts: Accounts; idOf: TemplateIdOf }) {
  const { templates, accounts, idOf } = deps;
  const mayTouch = ({ organisationId }: Caller, template: Template): boolean =>
    isMade(template) && (organisationId === null || organisationId === template.organisationId);

  async function read(caller: Caller, templateId: string): Promise<TemplateView | undefined> {
    const found = await templates.read(templateId);
    return found && mayTouch(caller, found.state)
      ? { templateId, revision: found.sequence, template: found.state }
      : undefined;
  }

  /** Also one that is deleted. */
  async function mustSee(caller: Caller, templateId: string): Promise<TemplateView> {
    demand(aTemplateId('template_id', templateId));
    const found = await read(caller, templateId);
    if (!found) throw templateNotFound();
    return found;
  }

  return {
    mustSee,
    read,
    async mustSeeNamed(caller: Caller, wabaId: string, name: string, language: string): Promise<TemplateView> {
      const found = await read(caller, idOf(wabaId, name, language));
      if (!found) throw templateNotFound();
      return found;
    },
    /** One that is not deleted. */
    async mustSeeLive(caller: Caller, templateId: string): Promise<TemplateView> {
      const found = await mustSee(caller, templateId);
      mustExist(found.template);
      return found;
    },
    /** Whether the organisation, or any for internal services, has a number in the account. */
    mustHaveNumber(organisationId: string | null, wabaId: string): void {
      const organisations = accounts.organisationsOf(wabaId);
      const isIn = organisationId === null ? organisations.length > 0 : organisations.includes(organisationId);
      if (!isIn) throw accountNotFound();
    },
  };
}
