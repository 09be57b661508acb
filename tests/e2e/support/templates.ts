import { TemplateCategory, TemplateContent, TemplateStatus } from '@switchboard/contracts/template/v1/template';
import { Failure } from '@switchboard/errors';
import { eventually } from '@switchboard/testing';
import { type System } from './system.js';

/** More than the second, and what it takes to be heard. */
const HELD_MS = 2_000;

export interface TemplateWanted {
  readonly wabaId: string;
  readonly name: string;
  readonly category?: TemplateCategory;
}

/** A template in English without parameters, written and approved; what is there already is left as it is. */
export async function haveTemplate(
  system: Pick<System, 'templates' | 'simulator' | 'demo'>,
  { wabaId, name, category = TemplateCategory.TEMPLATE_CATEGORY_UTILITY }: TemplateWanted,
): Promise<void> {
  const language = 'en';
  const content = {
    ...TemplateContent.decode(new Uint8Array()),
    body: { text: { text: 'There is something for you.', examples: [] } },
  };
  await system.simulator.decide(name, { after_ms: 0 });
  // Template hears of a new account a moment later.
  await eventually(async () => {
    const { organisationId } = system.demo;
    const draft = { organisationId, wabaId, name, language, category, content };
    await system.templates.create(draft).catch((error: unknown) => {
      if (!(error instanceof Failure && error.kind === 'conflict')) throw error;
    });
  });
  const { template } = await system.templates.get({ templateId: '', wabaId, name, language });
  const templateId = template?.templateId ?? '';
  await eventually(() => system.templates.submit({ templateId }));
  await eventually(async () => {
    const { status } = (await system.templates.get({ templateId })).template ?? {};
    if (status !== TemplateStatus.TEMPLATE_STATUS_APPROVED) throw new Error(`${name} is not approved yet`);
  });
  // What a process of egress has found holds for a second, so one of several may still know the draft.
  await new Promise((resume) => setTimeout(resume, HELD_MS));
}
