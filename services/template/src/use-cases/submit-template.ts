import { Failure, isTransient } from '@switchboard/errors';
import { contentProblems } from '../domain/grammar/grammar.js';
import { mustBeSubmittable } from '../domain/rules.js';
import { isDeleted, latestVersion, type Template, type Version, versionOf } from '../domain/template.js';
import { mustHaveRoom } from '../domain/room.js';
import { type Access } from './access.js';
import { type Clock, type Directory, type MetaTemplates, type Templates, type TemplateView } from './ports.js';
import { type Caller, mustHaveNo } from './requests.js';
import { type TakeOver } from './take-over.js';

const HOUR_MS = 3_600_000;

export type SubmitTemplate = ReturnType<typeof createSubmitTemplate>;

/**
 * Hands the newest version to Meta (TP-1). Safe to repeat: whatever the end of an earlier call, Meta is asked what it has
 * before anybody hears that it failed.
 */
export function createSubmitTemplate(deps: {
  templates: Templates;
  directory: Directory;
  meta: MetaTemplates;
  access: Access;
  takeOver: TakeOver;
  now: Clock;
}) {
  const { templates, directory, meta, access, takeOver, now } = deps;

  async function mustFit(wabaId: string, at: Date): Promise<void> {
    const [inAll, lately] = await Promise.all([
      directory.countAtMeta(wabaId),
      directory.submittedSince(wabaId, new Date(at.getTime() - HOUR_MS)),
    ]);
    mustHaveRoom(inAll, lately, at);
  }

  /** What Meta said of it: its id, where it stands, and what it is priced as. */
  async function handOver(template: Template, { content, category }: Version) {
    const { wabaId, metaTemplateId } = template;
    if (metaTemplateId === '') return meta.create(wabaId, template, category, content);
    const isNewCategory = category !== template.category;
    await meta.edit(wabaId, metaTemplateId, isNewCategory ? category : null, { category, content });
    return { metaTemplateId, status: 'pending' as const, category };
  }

  return async function submitTemplate(caller: Caller, templateId: string): Promise<TemplateView> {
    const found = await access.mustSeeLive(caller, templateId);
    const { template } = found;
    const { wabaId, name, language } = template;
    const newest = versionOf(template, latestVersion(template));
    if (!newest) throw new Error('a template without a version');
    const { version } = newest;
    if (template.metaTemplateId !== '' && template.submittedVersion === version) return found;
    const at = now();
    mustBeSubmittable(template, at);
    mustHaveNo(contentProblems(newest.content, newest.category), 'template.grammar');
    if (template.metaTemplateId === '') await mustFit(wabaId, at);
    access.mustHaveNumber(template.organisationId, wabaId);

    const look = () => takeOver.look(wabaId, name, language, 'people');
    let answer: Awaited<ReturnType<typeof handOver>>;
    try {
      answer = await handOver(template, newest);
    } catch (error) {
      if (!mayBeThere(error)) throw error;
      const there = await look().catch((failure: unknown) => {
        throw isTransient(failure) ? error : failure;
      });
      if (!there || isDeleted(there.template) || there.template.metaTemplateId === '') throw error;
      if (there.template.submittedVersion !== version) throw saysOther(there.template, error);
      return { templateId, ...there };
    }
    const result = await templates.command(templateId, { kind: 'submitted', at: now(), version, ...answer });
    // Meta may have decided, and told so, before this was written: what was told then went past us.
    const after = await look().catch((failure: unknown) => {
      if (isTransient(failure)) return undefined;
      throw failure;
    });
    return { templateId, ...(after ?? result) };
  };
}

/** Meta has one already, takes no edit where it stands, or nobody knows whether it heard. */
const mayBeThere = (error: unknown): boolean =>
  error instanceof Failure &&
  (error.kind === 'unavailable' || error.kind === 'invalid' || error.code === 'template.taken-at-meta');

/** An edit that Meta refuses leaves what it had; a new template meets somebody else's. */
function saysOther(there: Template, error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'template.taken-at-meta') return error;
  return new Failure(
    'conflict',
    'template.says-other-at-meta',
    `Meta has a template of this name in this language that says something else: it is kept as version ${there.submittedVersion}; edit the template, and submit it then`,
    { details: { version: String(there.submittedVersion) }, cause: error },
  );
}
