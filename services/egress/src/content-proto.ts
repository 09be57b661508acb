/** What messages say, between the domain and the contracts. */
import {
  type ContactCard as CardProto,
  type Content as ContentProto,
  type Interactive as InteractiveProto,
  type Location as LocationProto,
  Media as MediaProto,
  type TemplateComponent as ComponentProto,
  type TemplateParameter as ParameterProto,
} from '@switchboard/contracts/whatsapp/v1/content';
import { type Content } from './domain/content.js';
import { type ContactCard } from './domain/content/contacts.js';
import { type InteractiveContent, type InteractiveHeader } from './domain/content/interactive.js';
import { type InteractiveAction } from './domain/content/interactive-action.js';
import { type Location } from './domain/content/location.js';
import { type Media } from './domain/content/media.js';
import { type ParameterValue, type TemplateComponent, type TemplateParameter } from './domain/content/template.js';

export function contentToProto(content: Content): ContentProto | undefined {
  const kind = kindToProto(content);
  return kind && { kind };
}

function kindToProto(content: Content): ContentProto['kind'] {
  switch (content.kind) {
    case 'text':
      return { $case: 'text', value: { body: content.text, ...(content.previewUrl && { previewUrl: true }) } };
    case 'media':
      return { $case: 'media', value: mediaToProto(content.media) };
    case 'location':
      return { $case: 'location', value: content.location };
    case 'contacts':
      return { $case: 'contacts', value: { cards: content.cards.map(cardToProto) } };
    case 'reaction':
      return { $case: 'reaction', value: { messageId: content.messageId, emoji: content.emoji } };
    case 'interactive':
      return { $case: 'interactive', value: interactiveToProto(content) };
    case 'template': {
      const { name, language, components, version } = content;
      return { $case: 'template', value: { name, language, components: components.map(componentToProto), version } };
    }
    case 'unsupported':
      return undefined;
  }
}

/** What only customers send, and what nobody knows, is unsupported. */
export function contentFromProto(content: ContentProto | undefined): Content {
  const kind = content?.kind;
  switch (kind?.$case) {
    case 'text':
      return { kind: 'text', text: kind.value.body, previewUrl: kind.value.previewUrl ?? false };
    case 'media':
      return { kind: 'media', media: mediaFromProto(kind.value) };
    case 'location':
      return { kind: 'location', location: locationFromProto(kind.value) };
    case 'contacts':
      return { kind: 'contacts', cards: kind.value.cards.map(cardFromProto) };
    case 'reaction':
      return { kind: 'reaction', ...kind.value };
    case 'interactive':
      return interactiveFromProto(kind.value);
    case 'template': {
      const { name, language, components } = kind.value;
      return { kind: 'template', name, language, components: components.map(componentFromProto) };
    }
    default:
      return { kind: 'unsupported', of: (kind?.$case ?? '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) };
  }
}

type Given<T> = { readonly [K in keyof T]?: string };

/** The fields that say something: in contracts an empty text and none are the same. */
const given = <T extends Readonly<Record<string, string | undefined>>>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as Given<T>;

const noMedia = MediaProto.decode(new Uint8Array());

const noBytes = Buffer.alloc(0);

const mediaToProto = (media: Media): MediaProto => ({ ...noMedia, ...media });

const mediaFromProto = ({ kind, mediaId, mimeType, fileId, link, caption, filename, voice }: MediaProto): Media => ({
  kind,
  ...given({ mediaId, mimeType, fileId, link, caption, filename }),
  ...(voice && { voice }),
});

const locationFromProto = ({ latitude, longitude, name, address }: LocationProto): Location => ({
  latitude,
  longitude,
  ...given({ name, address }),
});

const cardToProto = ({ phones, ...card }: ContactCard): CardProto => ({
  ...card,
  phones: [...phones],
  origin: '',
  raw: noBytes,
});

function cardFromProto(card: CardProto): ContactCard {
  const { formattedName, firstName, lastName, phones, email, organisation, url } = card;
  return {
    formattedName,
    ...given({ firstName, lastName, email, organisation, url }),
    phones: phones.map(({ phone, waId, type }) => ({ phone, ...given({ waId }), type })),
  };
}

/** Actions have the same fields on both sides, which the test of the round trip holds to. */
function interactiveToProto({ header, body, footer, action }: InteractiveContent): InteractiveProto {
  const { kind, ...value } = action ?? { kind: undefined };
  return {
    header: header && { kind: headerToProto(header) },
    body,
    footer,
    action: kind && ({ $case: kind, value } as InteractiveProto['action']),
  };
}

function interactiveFromProto({ header, body, footer, action }: InteractiveProto): InteractiveContent {
  const above = headerFromProto(header?.kind);
  return {
    kind: 'interactive',
    ...(above && { header: above }),
    body,
    footer,
    ...(action && { action: { kind: action.$case, ...action.value } as InteractiveAction }),
  };
}

type HeaderProto = NonNullable<InteractiveProto['header']>['kind'];

const headerToProto = (header: InteractiveHeader): HeaderProto =>
  header.kind === 'text'
    ? { $case: 'text', value: header.text }
    : { $case: 'media', value: mediaToProto(header.media) };

const headerFromProto = (header: HeaderProto): InteractiveHeader | undefined =>
  header?.$case === 'media'
    ? { kind: 'media', media: mediaFromProto(header.value) }
    : header && { kind: 'text', text: header.value };

const componentToProto = ({ parameters, ...component }: TemplateComponent): ComponentProto => ({
  ...component,
  parameters: parameters.map((parameter) => ({ name: parameter.name, value: valueToProto(parameter) })),
});

const componentFromProto = ({ parameters, ...component }: ComponentProto): TemplateComponent => ({
  ...component,
  parameters: parameters.map(({ name, value }): TemplateParameter => ({ name, ...valueFromProto(value) })),
});

function valueToProto(parameter: ParameterValue): ParameterProto['value'] {
  switch (parameter.kind) {
    case 'text':
    case 'payload':
    case 'couponCode':
      return { $case: parameter.kind, value: parameter.value };
    case 'media':
      return { $case: 'media', value: mediaToProto(parameter.media) };
    case 'location':
      return { $case: 'location', value: parameter.location };
    case 'flow':
      return { $case: 'flow', value: { token: parameter.token, dataJson: parameter.dataJson } };
    case 'nothing':
      return undefined;
  }
}

function valueFromProto(value: ParameterProto['value']): ParameterValue {
  switch (value?.$case) {
    case 'text':
    case 'payload':
    case 'couponCode':
      return { kind: value.$case, value: value.value };
    case 'media':
      return { kind: 'media', media: mediaFromProto(value.value) };
    case 'location':
      return { kind: 'location', location: locationFromProto(value.value) };
    case 'flow':
      return { kind: 'flow', ...value.value };
    case undefined:
      return { kind: 'nothing' };
  }
}
