/** What a template says. Lengths are UTF-16 units, as Meta counts them. */
export interface TemplateContent {
  readonly header: Header | null;
  /** Null of authentication templates, whose words are Meta's. */
  readonly body: PlaceheldText | null;
  /** Empty = none. */
  readonly footer: string;
  readonly buttons: readonly Button[];
  /** 0 = Meta's default. */
  readonly sendTtlSeconds: number;
  /** Of authentication templates alone. */
  readonly authentication: Authentication | null;
}

/** Text with places for what is different each time: `{{1}}`, `{{2}}` … or `{{order_id}}`. */
export interface PlaceheldText {
  readonly text: string;
  readonly examples: readonly Example[];
}

export interface Example {
  /** `1`, `2` … or its name. */
  readonly placeholder: string;
  readonly value: string;
}

export type Header =
  | ({ readonly kind: 'text' } & PlaceheldText)
  | { readonly kind: 'media'; readonly media: string; readonly exampleHandle: string }
  | { readonly kind: 'location' }
  /** The caller said that there is one, and not which. */
  | { readonly kind: 'nothing' };

export type Button = { readonly text: string } & (
  | { readonly kind: 'quick-reply' | 'catalogue' | 'request-contact-info' | 'nothing' }
  | { readonly kind: 'url'; readonly url: string; readonly example: string }
  | { readonly kind: 'phone'; readonly phoneNumber: string }
  | { readonly kind: 'copy-code'; readonly example: string }
  | { readonly kind: 'flow'; readonly flowId: string; readonly action: string; readonly screen: string }
  | OneTimePassword
);

export type ButtonKind = Button['kind'];

export interface OneTimePassword {
  readonly kind: 'one-time-password';
  /** `copy_code`, `one_tap` or `zero_tap`. */
  readonly way: string;
  readonly apps: readonly { readonly packageName: string; readonly signatureHash: string }[];
  readonly autofillText: string;
  readonly zeroTapTermsAccepted: boolean;
}

export interface Authentication {
  readonly securityRecommendation: boolean;
  /** 0 = not said. */
  readonly codeExpirationMinutes: number;
}

export type Category = 'marketing' | 'utility' | 'authentication';

export const nothingSaid: TemplateContent = {
  header: null,
  body: null,
  footer: '',
  buttons: [],
  sendTtlSeconds: 0,
  authentication: null,
};
