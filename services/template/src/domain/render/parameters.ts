/** Parameters of a message, as it gives them. */
export interface Component {
  /** `header`, `body` or `button`. */
  readonly kind: string;
  /** Of a button: `quick_reply`, `url`, `copy_code`, `flow`, `catalog`; and its place from 0. */
  readonly buttonKind: string;
  readonly buttonIndex: number;
  readonly parameters: readonly Parameter[];
}

/** What stands for a placeholder. The name is empty for positional ones. */
export type Parameter = { readonly name: string } & Value;

export type Value =
  | { readonly kind: 'text' | 'payload' | 'coupon_code'; readonly value: string }
  | { readonly kind: 'media'; readonly media: MediaParameter }
  | { readonly kind: 'location'; readonly location: Place }
  | { readonly kind: 'flow'; readonly token: string; readonly dataJson: string }
  | { readonly kind: 'nothing' };

/** A file: at Meta (`mediaId`), one of ours (`fileId`), or one that Meta fetches (`link`); empty = not so. */
export interface MediaParameter {
  readonly kind: string;
  readonly mediaId: string;
  readonly fileId: string;
  readonly link: string;
  readonly filename: string;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly name: string;
  readonly address: string;
}
