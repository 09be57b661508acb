/** What a message says. */
export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly previewUrl: boolean }
  | TemplateContent
  | ListContent
  /** A kind that cannot be sent yet: it is refused by the gate. */
  | { readonly kind: 'unsupported' };

/** An approved template with its parameters: the one kind that needs no open window (TX-6). */
export interface TemplateContent {
  readonly kind: 'template';
  readonly name: string;
  readonly language: string;
  readonly components: readonly TemplateComponent[];
  /** The version of the template it was checked against. */
  readonly version?: number;
}

export interface TemplateComponent {
  readonly kind: 'header' | 'body' | 'button';
  /** Of a button: `quick_reply`, `url` …, and its place from 0. */
  readonly buttonKind: string;
  readonly buttonIndex: number;
  readonly parameters: readonly TemplateParameter[];
}

export interface TemplateParameter {
  /** Empty for positional ones. */
  readonly name: string;
  readonly kind: 'text' | 'payload' | 'image' | 'video' | 'document';
  /** The text, the payload, or Meta's id of the media. */
  readonly value: string;
}

/** A list to choose from. */
export interface ListContent {
  readonly kind: 'list';
  readonly body: string;
  readonly button: string;
  readonly choices: readonly { readonly id: string; readonly title: string }[];
}
