/** What messages say, between the domain and the contracts. */
import {
  type Content as ContentProto,
  Media,
  type TemplateComponent as ComponentProto,
  type TemplateParameter as ParameterProto,
} from '@switchboard/contracts/whatsapp/v1/content';
import { type Content, type TemplateComponent, type TemplateParameter } from './domain/content.js';

export function contentToProto(content: Content): ContentProto | undefined {
  switch (content.kind) {
    case 'text':
      return {
        kind: { $case: 'text', value: { body: content.text, ...(content.previewUrl && { previewUrl: true }) } },
      };
    case 'template': {
      const { name, language, components, version } = content;
      const value = { name, language, components: components.map(componentToProto), version };
      return { kind: { $case: 'template', value } };
    }
    case 'list': {
      const { body, button, choices } = content;
      return { kind: { $case: 'choiceList', value: { body, button, choices: [...choices] } } };
    }
    case 'unsupported':
      return undefined;
  }
}

/** Kinds that cannot be sent yet are unsupported. */
export function contentFromProto(content: ContentProto | undefined): Content {
  const kind = content?.kind;
  switch (kind?.$case) {
    case 'text':
      return { kind: 'text', text: kind.value.body, previewUrl: kind.value.previewUrl ?? false };
    case 'template': {
      const { name, language, components } = kind.value;
      const read = components.map(componentFromProto);
      return read.every((component) => component !== undefined)
        ? { kind: 'template', name, language, components: read }
        : { kind: 'unsupported' };
    }
    case 'choiceList':
      return { kind: 'list', ...kind.value };
    default:
      return { kind: 'unsupported' };
  }
}

const componentToProto = ({ parameters, ...component }: TemplateComponent): ComponentProto => ({
  ...component,
  parameters: parameters.map(({ name, kind, value }) => ({ name, value: valueToProto(kind, value) })),
});

function valueToProto(kind: TemplateParameter['kind'], value: string): ParameterProto['value'] {
  if (kind === 'text' || kind === 'payload') return { $case: kind, value };
  return { $case: 'media', value: { ...Media.decode(new Uint8Array()), kind, mediaId: value } };
}

const kinds: readonly string[] = ['header', 'body', 'button'] satisfies TemplateComponent['kind'][];
const mediaKinds: readonly string[] = ['image', 'video', 'document'] satisfies TemplateParameter['kind'][];

function componentFromProto({ kind, parameters, ...button }: ComponentProto): TemplateComponent | undefined {
  const read = parameters.map(parameterFromProto);
  if (!kinds.includes(kind) || !read.every((parameter) => parameter !== undefined)) return undefined;
  return { kind: kind as TemplateComponent['kind'], ...button, parameters: read };
}

function parameterFromProto({ name, value }: ParameterProto): TemplateParameter | undefined {
  switch (value?.$case) {
    case 'text':
    case 'payload':
      return { name, kind: value.$case, value: value.value };
    case 'media': {
      const { kind, mediaId } = value.value;
      return mediaKinds.includes(kind) ? { name, kind: kind as TemplateParameter['kind'], value: mediaId } : undefined;
    }
    case undefined:
      return undefined;
  }
}
