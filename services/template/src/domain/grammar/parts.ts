import { type Header, type PlaceheldText } from '../content.js';
import {
  hasAdjacentPlaceholders,
  hasPlaceholderAtEdge,
  placeholderProblems,
  placeholdersIn,
  wordsBeside,
} from './placeholders.js';
import { aText, aTextOrNone, demand, type Problem } from './problem.js';

export const MAX_HEADER_LENGTH = 60;
export const MAX_BODY_LENGTH = 1_024;
const MAX_FOOTER_LENGTH = 60;
/** A text with n placeholders has more words beside them than this times n. */
const WORDS_PER_PLACEHOLDER = 2;

export const headerMedia: readonly string[] = ['image', 'video', 'document'];

/** Source: Meta, *Template components*, and error subcodes 2388040, 2388047, 2388043. */
export function headerProblems(header: Header): Problem[] {
  const at = 'content.header';
  switch (header.kind) {
    case 'text':
      return [
        ...aText(`${at}.text`, header.text, MAX_HEADER_LENGTH, 'a header'),
        ...demand(
          !/[\n\t*_~`]|\p{Extended_Pictographic}/u.test(header.text.replace(/\{\{[^{}]*\}\}/g, '')),
          `${at}.text`,
          'header-characters',
          'a header must have no line breaks, emojis and signs of formatting (* _ ~ `)',
          'take them out',
        ),
        ...demand(
          placeholdersIn(header.text).length <= 1,
          `${at}.text`,
          'too-many-placeholders',
          'a header must have at most one placeholder',
          'move the others to the body',
        ),
        ...placeholderProblems(`${at}.text`, header),
      ];
    case 'media':
      return [
        ...demand(
          headerMedia.includes(header.media),
          `${at}.media.kind`,
          'header-media',
          `must be one of ${headerMedia.join(', ')}`,
          'choose one of them',
        ),
        ...demand(
          header.exampleHandle.trim() !== '',
          `${at}.media.example_handle`,
          'example-missing',
          'media above the body need an example',
          'upload one with UploadExample and give its handle',
        ),
      ];
    case 'location':
      return [];
    case 'nothing':
      return demand(false, at, 'header-kind', 'a header must be text, media or location', 'set one, or leave it out');
  }
}

/** Source: Meta, *Template components*, and error subcodes 2388072, 2388299, 2388293. */
export function bodyProblems(body: PlaceheldText | null): Problem[] {
  const field = 'content.body.text';
  if (!body) return demand(false, field, 'missing', 'a template must have a body of 1 to 1024 characters', 'write one');
  const { text } = body;
  const count = placeholdersIn(text).length;
  return [
    ...aText(field, text, MAX_BODY_LENGTH, 'a body'),
    ...placeholderProblems(field, body),
    ...demand(
      !hasPlaceholderAtEdge(text),
      field,
      'placeholder-at-edge',
      'a body must not begin or end with a placeholder',
      'put words before and after it',
    ),
    ...demand(
      !hasAdjacentPlaceholders(text),
      field,
      'placeholders-adjacent',
      'two placeholders must not stand side by side',
      'put words between them',
    ),
    ...demand(
      count === 0 || wordsBeside(text) > count * WORDS_PER_PLACEHOLDER,
      field,
      'too-many-placeholders',
      `a body with ${count} placeholders must have more than ${count * WORDS_PER_PLACEHOLDER} words beside them and has ${wordsBeside(text)}`,
      'write more words, or take placeholders out',
    ),
  ];
}

/** Source: Meta, *Template components*, and error subcode 2388073. */
export const footerProblems = (footer: string): Problem[] => [
  ...aTextOrNone('content.footer', footer, MAX_FOOTER_LENGTH, 'a footer'),
  ...demand(
    !/\{\{|\}\}|\n/.test(footer),
    'content.footer',
    'footer-characters',
    'a footer must have no placeholders and line breaks',
    'take them out',
  ),
];
