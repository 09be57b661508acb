import { type Button, type Category, type TemplateContent } from '../content.js';
import { isPosition, placeholdersIn } from '../grammar/placeholders.js';

/** A component of a template with what it leaves open. */
export interface Open {
  readonly kind: 'header' | 'body' | 'button';
  /** Of a button. */
  readonly index: number;
  /** As a message names it; empty for what takes nothing. */
  readonly buttonKind: string;
  readonly slots: readonly Slot[];
}

/** One place to fill. */
export interface Slot {
  /** Empty for positional ones. */
  readonly name: string;
  /** `text`, `image`, `location`, `payload` … */
  readonly kind: string;
  readonly isOptional: boolean;
  readonly maxLength: number;
}

const MAX_URL_LENGTH = 2_000;
const MAX_PAYLOAD_LENGTH = 256;
const MAX_CODE_LENGTH = 20;
/** Source: Meta, *Authentication templates*. */
const MAX_PASSWORD_LENGTH = 15;
const UNLIMITED = 1_024;

export function openOf({ header, body, buttons }: TemplateContent, category: Category, most: Lengths): readonly Open[] {
  const inHeader =
    header?.kind === 'text'
      ? placeholdersIn(header.text).map((name) => text(name, most.header))
      : header?.kind === 'media'
        ? [slot(header.media)]
        : header?.kind === 'location'
          ? [slot('location')]
          : [];
  const inBody =
    // The words of authentication templates are Meta's, and hold the code.
    category === 'authentication'
      ? [text('1', MAX_PASSWORD_LENGTH)]
      : placeholdersIn(body?.text ?? '').map((name) => text(name, most.body));
  return [
    { kind: 'header', index: 0, buttonKind: '', slots: inHeader },
    { kind: 'body', index: 0, buttonKind: '', slots: inBody },
    ...buttons.map((button, index): Open => ({ kind: 'button', index, ...ofButton(button) })),
  ];
}

/** How long a parameter of header and body may be at most. */
export interface Lengths {
  readonly header: number;
  readonly body: number;
}

const slot = (kind: string, isOptional = false, maxLength = UNLIMITED): Slot => ({
  name: '',
  kind,
  isOptional,
  maxLength,
});

const text = (name: string, maxLength: number): Slot => ({
  ...slot('text', false, maxLength),
  name: isPosition(name) ? '' : name,
});

/** A quick reply answers with its words where no payload is given, a flow begins with a token of Meta's. */
function ofButton(button: Button): Pick<Open, 'buttonKind' | 'slots'> {
  switch (button.kind) {
    case 'quick-reply':
      return { buttonKind: 'quick_reply', slots: [slot('payload', true, MAX_PAYLOAD_LENGTH)] };
    case 'url':
      return {
        buttonKind: 'url',
        slots: placeholdersIn(button.url).length > 0 ? [slot('text', false, MAX_URL_LENGTH)] : [],
      };
    case 'one-time-password':
      return { buttonKind: 'url', slots: [slot('text', false, MAX_PASSWORD_LENGTH)] };
    case 'copy-code':
      return { buttonKind: 'copy_code', slots: [slot('coupon_code', false, MAX_CODE_LENGTH)] };
    case 'flow':
      return { buttonKind: 'flow', slots: [slot('flow', true)] };
    case 'catalogue':
      return { buttonKind: 'catalog', slots: [slot('text', true)] };
    case 'phone':
    case 'request-contact-info':
    case 'nothing':
      return { buttonKind: '', slots: [] };
  }
}
