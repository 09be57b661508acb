import { type Button, type Category, type TemplateContent } from '../content.js';
import { fill } from '../grammar/placeholders.js';
import { type Component } from './parameters.js';
import { textOf, valuesFor } from './values.js';

export interface Rendered {
  /** Empty where the header is no text. */
  readonly header: string;
  readonly body: string;
  readonly footer: string;
  readonly buttons: readonly { readonly text: string; readonly url: string }[];
}

/** How a message reads whose parameters are in order (TP-5). */
export function render(content: TemplateContent, category: Category, components: readonly Component[]): Rendered {
  const { header, body, footer, buttons, authentication } = content;
  const filled = (kind: 'header' | 'body', text: string) => fill(text, valuesFor(components, kind, text));
  const isCode = category === 'authentication';
  const minutes = authentication?.codeExpirationMinutes ?? 0;
  return {
    header: header?.kind === 'text' ? filled('header', header.text) : '',
    body: filled('body', isCode ? wordsOfCode(authentication?.securityRecommendation ?? false) : (body?.text ?? '')),
    footer: isCode && minutes > 0 ? `This code expires in ${minutes} minutes.` : footer,
    buttons: buttons.map((button, index) => ({
      text: button.text === '' ? (wordsOfMeta[button.kind] ?? '') : button.text,
      url: urlOf(button, components.find(isButton(index))),
    })),
  };
}

/** As Meta says it in English; other languages have words of theirs. Source: Meta, *Authentication templates*. */
const wordsOfCode = (isRecommended: boolean): string =>
  `*{{1}}* is your verification code.${isRecommended ? ' For your security, do not share this code.' : ''}`;

const wordsOfMeta: Partial<Record<Button['kind'], string>> = {
  'copy-code': 'Copy offer code',
  catalogue: 'View catalog',
  'request-contact-info': 'Share contact info',
  'one-time-password': 'Copy code',
};

const isButton = (index: number) => (component: Component) =>
  component.kind === 'button' && component.buttonIndex === index;

function urlOf(button: Button, given: Component | undefined): string {
  if (button.kind === 'url') return fill(button.url, new Map([['1', textOf(given?.parameters[0])]]));
  return button.kind === 'phone' ? `tel:${button.phoneNumber.replace(/[^+0-9]/g, '')}` : '';
}
