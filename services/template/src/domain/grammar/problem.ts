/** One field that breaks Meta's grammar. */
export interface Problem {
  /** Path as in the contract: `content.buttons[1].url.url`. */
  readonly field: string;
  /** Stable: `template.placeholder-gap`. */
  readonly code: string;
  readonly rule: string;
  readonly remedy: string;
}

export const demand = (isKept: boolean, field: string, code: string, rule: string, remedy: string): Problem[] =>
  isKept ? [] : [{ field, code: `template.${code}`, rule, remedy }];

export function aText(field: string, text: string, max: number, what: string): Problem[] {
  const rule = `${what} must be 1 to ${max} characters`;
  if (text.trim() === '') return demand(false, field, 'missing', rule, 'write something');
  return [
    ...demand(text.length <= max, field, 'too-long', `${rule} and has ${text.length}`, 'shorten it'),
    ...aReadableText(field, text),
  ];
}

export const aTextOrNone = (field: string, text: string, max: number, what: string): Problem[] =>
  text === '' ? [] : aText(field, text, max, what);

/** Half a surrogate pair, or bytes that are no UTF-8, arrive as U+FFFD: what was meant is lost. */
const aReadableText = (field: string, text: string): Problem[] =>
  demand(
    !/[\p{Cs}\uFFFD]|(?![\n\t])\p{Cc}/u.test(text),
    field,
    'unreadable',
    'must hold no control characters and be well-formed Unicode',
    'take them out, or encode it anew',
  );
