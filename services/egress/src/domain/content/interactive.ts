import { actionProblems, type InteractiveAction } from './interactive-action.js';
import { headerMediaProblems, type Media } from './media.js';
import { aText, aTextOrNone, demand, type Problem } from './problem.js';

/** Text with something to press. */
export interface InteractiveContent {
  readonly kind: 'interactive';
  readonly header?: InteractiveHeader;
  readonly body: string;
  /** Empty = none. */
  readonly footer: string;
  readonly action?: InteractiveAction;
}

export type InteractiveHeader =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'media'; readonly media: Media };

/** What may stand around an action. */
interface Surroundings {
  /** The longest body. */
  readonly body: number;
  readonly isBodyNeeded: boolean;
  readonly header: 'none' | 'text' | 'text-needed' | 'any';
  readonly hasFooter: boolean;
}

export const MAX_HEADER_LENGTH = 60;
export const MAX_FOOTER_LENGTH = 60;
export const MAX_BODY_LENGTH = 1_024;
export const MAX_LIST_BODY_LENGTH = 4_096;

const usual: Surroundings = { body: MAX_BODY_LENGTH, isBodyNeeded: true, header: 'any', hasFooter: true };
const bare: Surroundings = { ...usual, header: 'none', hasFooter: false };

/** Source: Meta, *Interactive messages*, the page of each kind. */
const around: Record<InteractiveAction['kind'], Surroundings> = {
  replyButtons: usual,
  list: { ...usual, body: MAX_LIST_BODY_LENGTH, header: 'text' },
  link: usual,
  flow: usual,
  locationRequest: bare,
  contactInfoRequest: bare,
  product: { ...usual, isBodyNeeded: false, header: 'none' },
  productList: { ...usual, header: 'text-needed' },
  catalogue: { ...usual, header: 'none' },
};

const AT = 'content.interactive';

export function interactiveProblems({ header, body, footer, action }: InteractiveContent): Problem[] {
  if (!action) {
    const actions =
      'reply_buttons, list, link, flow, location_request, contact_info_request, product, product_list, catalogue';
    return demand(false, AT, 'must have something to press', `set one of ${actions}`);
  }
  const { body: longest, isBodyNeeded, header: headers, hasFooter } = around[action.kind];
  return [
    ...headerProblems(header, headers),
    ...(isBodyNeeded ? aText(`${AT}.body`, body, longest) : aTextOrNone(`${AT}.body`, body, longest)),
    ...demand(
      hasFooter || footer === '',
      `${AT}.footer`,
      'must be empty: Meta shows none here',
      'write it into the body',
    ),
    ...aTextOrNone(`${AT}.footer`, footer, MAX_FOOTER_LENGTH),
    ...actionProblems(AT, action),
  ];
}

function headerProblems(header: InteractiveHeader | undefined, allowed: Surroundings['header']): Problem[] {
  const at = `${AT}.header`;
  if (!header)
    return demand(allowed !== 'text-needed', `${at}.text`, 'must be there for a list of products', 'write one');
  if (allowed === 'none') return demand(false, at, 'must be absent: Meta shows none here', 'write it into the body');
  if (header.kind === 'text') return aText(`${at}.text`, header.text, MAX_HEADER_LENGTH);
  return allowed === 'any'
    ? headerMediaProblems(`${at}.media`, header.media)
    : demand(false, `${at}.media`, 'must be absent: Meta shows a text alone here', 'set header.text instead');
}
