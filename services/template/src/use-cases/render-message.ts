import { type Problem } from '../domain/grammar/problem.js';
import { type Draft, templateProblems } from '../domain/grammar/grammar.js';
import { type Category } from '../domain/content.js';
import { parameterProblems } from '../domain/render/check.js';
import { type Component } from '../domain/render/parameters.js';
import { render, type Rendered } from '../domain/render/render.js';
import { mustExist } from '../domain/rules.js';
import { type Template, type Version } from '../domain/template.js';
import { type Access } from './access.js';
import { mustHave } from './read-templates.js';
import { aWabaId, type Caller, demand, mustHaveNo } from './requests.js';

/** A template by its id, or by account, name and language, and what stands for its placeholders. */
export interface MessageToRender {
  readonly templateId: string;
  readonly wabaId: string;
  /** 0 = the one that is sent. */
  readonly version: number;
  readonly name: string;
  readonly language: string;
  readonly components: readonly Component[];
}

export type RenderMessage = ReturnType<typeof createRenderMessage>;

/** What a message would read like, or what is wrong with it (TP-3, TP-5). */
export function createRenderMessage({ access }: { access: Access }) {
  async function versionFor(
    caller: Caller,
    { templateId, wabaId, name, language, version }: MessageToRender,
  ): Promise<{ template: Template; found: Version }> {
    if (templateId === '') demand(aWabaId('waba_id', wabaId));
    const { template } =
      templateId === ''
        ? await access.mustSeeNamed(caller, wabaId, name, language)
        : await access.mustSee(caller, templateId);
    mustExist(template);
    return { template, found: mustHave(template, 'version', version || template.sentVersion) };
  }

  return {
    check: (draft: Draft): Problem[] => templateProblems(draft),

    async checkParameters(caller: Caller, message: MessageToRender): Promise<{ version: number; problems: Problem[] }> {
      const { template, found } = await versionFor(caller, message);
      const { version, content } = found;
      return { version, problems: parameterProblems(content, template.category, message.components) };
    },

    async render(
      caller: Caller,
      message: MessageToRender,
    ): Promise<{ version: number; category: Category; rendered: Rendered; components: readonly Component[] }> {
      const { template, found } = await versionFor(caller, message);
      const { category } = template;
      const { version, content } = found;
      const { components } = message;
      mustHaveNo(parameterProblems(content, category, components), 'template.parameters');
      return { version, category, rendered: render(content, category, components), components };
    },
  };
}
