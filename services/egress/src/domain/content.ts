/** What a message says: a file for each family of kinds, with Meta's limits. */
import { type ContactsContent, contactsProblems } from './content/contacts.js';
import { type InteractiveContent, interactiveProblems } from './content/interactive.js';
import { type LocationContent, locationProblems } from './content/location.js';
import { type Media, type MediaContent, mediaProblems } from './content/media.js';
import { type Problem } from './content/problem.js';
import { type ReactionContent, reactionProblems } from './content/reaction.js';
import { type TemplateContent, templateProblems } from './content/template.js';
import { type TextContent, textProblems } from './content/text.js';

/** What can be sent. */
export type Sendable =
  | TextContent
  | MediaContent
  | LocationContent
  | ContactsContent
  | ReactionContent
  | InteractiveContent
  | TemplateContent;

/** `of` is the kind that only customers send, or that nobody knows; empty for none at all. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly of: string;
}

export type Content = Sendable | Unsupported;

export const sendableKinds = ['text', 'media', 'location', 'contacts', 'reaction', 'interactive', 'template'] as const;

/** All that is wrong with it by Meta's limits (TX-5), in the order of its fields. */
export function contentProblems(content: Sendable): readonly Problem[] {
  switch (content.kind) {
    case 'text':
      return textProblems(content);
    case 'media':
      return mediaProblems(content);
    case 'location':
      return locationProblems('content.location', content.location);
    case 'contacts':
      return contactsProblems(content);
    case 'reaction':
      return reactionProblems(content);
    case 'interactive':
      return interactiveProblems(content);
    case 'template':
      return templateProblems(content);
  }
}

/** A file in a message, with the path to it. */
export interface MediaAt {
  readonly field: string;
  readonly media: Media;
}

/** Its files, wherever it has some. */
export function mediaIn(content: Content): readonly MediaAt[] {
  switch (content.kind) {
    case 'media':
      return [{ field: 'content.media', media: content.media }];
    case 'interactive':
      return content.header?.kind === 'media'
        ? [{ field: 'content.interactive.header.media', media: content.header.media }]
        : [];
    case 'template':
      return content.components.flatMap(({ parameters }, component) =>
        parameters.flatMap((parameter, index) => {
          const field = `content.template.components[${component}].parameters[${index}].media`;
          return parameter.kind === 'media' ? [{ field, media: parameter.media }] : [];
        }),
      );
    default:
      return [];
  }
}

/** The content with its files replaced, wherever it has some. */
export function withMedia<C extends Content>(content: C, replace: (media: Media) => Media): C;
export function withMedia(content: Content, replace: (media: Media) => Media): Content {
  switch (content.kind) {
    case 'media':
      return { ...content, media: replace(content.media) };
    case 'interactive': {
      const { header } = content;
      return header?.kind === 'media' ? { ...content, header: { ...header, media: replace(header.media) } } : content;
    }
    case 'template': {
      const components = content.components.map((component) => ({
        ...component,
        parameters: component.parameters.map((parameter) =>
          parameter.kind === 'media' ? { ...parameter, media: replace(parameter.media) } : parameter,
        ),
      }));
      return { ...content, components };
    }
    default:
      return content;
  }
}
