import { type MetaTemplate } from '../domain/inputs.js';
import {
  type Accounts,
  type CallFor,
  type Clock,
  type MetaTemplates,
  type Revised,
  type TemplateIdOf,
  type Templates,
} from './ports.js';

export type TakeOver = ReturnType<typeof createTakeOver>;

/** Takes over what Meta shows. Safe to repeat: what was read before something newer was heard changes nothing. */
export function createTakeOver(deps: {
  templates: Pick<Templates, 'command'>;
  accounts: Pick<Accounts, 'organisationsOf'>;
  meta: Pick<MetaTemplates, 'find'>;
  idOf: TemplateIdOf;
  now: Clock;
}) {
  const { templates, accounts, meta, idOf, now } = deps;

  /** Undefined when the account is nobody's (any more). */
  async function seen(wabaId: string, template: MetaTemplate, readAt: Date): Promise<Revised | undefined> {
    const organisationIds = accounts.organisationsOf(wabaId);
    if (organisationIds.length === 0) return undefined;
    const templateId = idOf(wabaId, template.name, template.language);
    return templates.command(templateId, { kind: 'seen', at: now(), readAt, organisationIds, wabaId, template });
  }

  return {
    seen,
    /** Looks for one at Meta; undefined when there is none. */
    async look(wabaId: string, name: string, language: string, callFor: CallFor): Promise<Revised | undefined> {
      const readAt = now();
      const found = await meta.find(wabaId, name, language, callFor);
      return found && seen(wabaId, found, readAt);
    },
  };
}
