/**
 * Meta's grammar of templates, whole: everything that is wrong, each field by itself. What it lets pass, Meta reads.
 * Source: Meta, *Message templates*, *Template components*, *Time-to-live*.
 */
import { type Category, type TemplateContent } from '../content.js';
import { languages } from '../languages.js';
import { authenticationProblems } from './authentication.js';
import { buttonsProblems } from './buttons.js';
import { bodyProblems, footerProblems, headerProblems } from './parts.js';
import { isPosition, placeholdersIn } from './placeholders.js';
import { demand, type Problem } from './problem.js';

const MAX_NAME_LENGTH = 512;

/** How long Meta tries to deliver, in seconds. */
const lifeOf: Readonly<Record<Category, readonly [number, number]>> = {
  authentication: [30, 900],
  utility: [30, 43_200],
  marketing: [43_200, 2_592_000],
};

export interface Draft {
  readonly name: string;
  readonly language: string;
  /** Undefined where the caller said nothing that we know. */
  readonly category: Category | undefined;
  readonly content: TemplateContent;
}

export const templateProblems = ({ name, language, category, content }: Draft): Problem[] => [
  ...nameProblems(name),
  ...demand(
    languages.has(language),
    'language',
    'language',
    "must be one of Meta's languages, with an underscore, for example en_US",
    'choose another one',
  ),
  ...(category === undefined
    ? demand(false, 'category', 'category', 'must be marketing, utility or authentication', 'choose one')
    : contentProblems(content, category)),
];

const nameProblems = (name: string): Problem[] =>
  demand(
    /^[a-z0-9_]+$/.test(name) && name.length <= MAX_NAME_LENGTH,
    'name',
    'name',
    `must be 1 to ${MAX_NAME_LENGTH} lower-case letters, digits and underscores`,
    'choose another name',
  );

export function contentProblems(content: TemplateContent, category: Category): Problem[] {
  const { header, body, footer, buttons, authentication } = content;
  const ofCategory =
    category === 'authentication'
      ? authenticationProblems(content)
      : [
          ...(header ? headerProblems(header) : []),
          ...bodyProblems(body),
          ...mixedProblems(content),
          ...footerProblems(footer),
          ...demand(
            authentication === null,
            'content.authentication',
            'authentication-words',
            'must be empty: only authentication templates have it',
            'leave it out, or choose category authentication',
          ),
        ];
  return [...ofCategory, ...buttonsProblems(buttons, category), ...lifeProblems(content.sendTtlSeconds, category)];
}

/** Meta reads a template as numbered or as named, whole. */
function mixedProblems({ header, body }: TemplateContent): Problem[] {
  const inHeader = placeholdersIn(header?.kind === 'text' ? header.text : '');
  const inBody = placeholdersIn(body?.text ?? '');
  return demand(
    inHeader.length === 0 || inBody.length === 0 || inHeader.every(isPosition) === inBody.every(isPosition),
    'content.header.text',
    'placeholders-mixed',
    'header and body must both have numbered or both have named placeholders',
    'number all of them, or name all of them',
  );
}

function lifeProblems(seconds: number, category: Category): Problem[] {
  const [low, high] = lifeOf[category];
  return demand(
    seconds === 0 || (seconds >= low && seconds <= high),
    'content.send_ttl_seconds',
    'ttl',
    `must be ${low} to ${high} seconds for ${category}, or 0 for Meta's default`,
    'choose another time',
  );
}
