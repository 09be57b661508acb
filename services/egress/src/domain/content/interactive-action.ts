import { aCount, anAddress, anObjectOrNone, aText, aTextOrNone, demand, type Problem, unique } from './problem.js';

/** What can be pressed. */
export type InteractiveAction =
  | { readonly kind: 'replyButtons'; readonly buttons: readonly ReplyButton[] }
  | { readonly kind: 'list'; readonly button: string; readonly sections: readonly SelectionSection[] }
  | { readonly kind: 'link'; readonly title: string; readonly url: string }
  | FlowAction
  | { readonly kind: 'locationRequest' }
  | { readonly kind: 'contactInfoRequest' }
  | { readonly kind: 'product'; readonly catalogId: string; readonly productRetailerId: string }
  | { readonly kind: 'productList'; readonly catalogId: string; readonly sections: readonly ProductSection[] }
  /** Empty = Meta chooses the picture. */
  | { readonly kind: 'catalogue'; readonly thumbnailProductRetailerId: string };

export interface ReplyButton {
  readonly id: string;
  readonly title: string;
}

export interface SelectionSection {
  readonly title: string;
  readonly rows: readonly { readonly id: string; readonly title: string; readonly description: string }[];
}

export interface ProductSection {
  readonly title: string;
  readonly productRetailerIds: readonly string[];
}

export interface FlowAction {
  readonly kind: 'flow';
  readonly title: string;
  readonly flowId: string;
  readonly flowToken: string;
  /** Empty = the flow's own endpoint decides. */
  readonly screen: string;
  /** JSON object for the screen; empty = nothing. */
  readonly dataJson: string;
}

export const limits = {
  buttons: 3,
  buttonId: 256,
  buttonTitle: 20,
  sections: 10,
  rows: 10,
  sectionTitle: 24,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
  flowTitle: 30,
  products: 30,
} as const;

/** Source: Meta, *Interactive messages*, the page of each kind. */
export function actionProblems(at: string, action: InteractiveAction): Problem[] {
  switch (action.kind) {
    case 'replyButtons':
      return buttonProblems(`${at}.reply_buttons.buttons`, action.buttons);
    case 'list':
      return listProblems(`${at}.list`, action.button, action.sections);
    case 'link':
      return [
        ...aText(`${at}.link.title`, action.title, limits.buttonTitle),
        ...anAddress(`${at}.link.url`, action.url),
      ];
    case 'flow':
      return flowProblems(`${at}.flow`, action);
    case 'locationRequest':
    case 'contactInfoRequest':
      return [];
    case 'product':
      return [
        ...aText(`${at}.product.catalog_id`, action.catalogId),
        ...aText(`${at}.product.product_retailer_id`, action.productRetailerId),
      ];
    case 'productList':
      return productListProblems(`${at}.product_list`, action.catalogId, action.sections);
    case 'catalogue':
      return aTextOrNone(`${at}.catalogue.thumbnail_product_retailer_id`, action.thumbnailProductRetailerId);
  }
}

const buttonProblems = (at: string, buttons: readonly ReplyButton[]): Problem[] => [
  ...aCount(at, buttons.length, limits.buttons, 'buttons'),
  ...buttons.flatMap(({ id, title }, index) => [
    ...aText(`${at}[${index}].id`, id, limits.buttonId),
    ...aText(`${at}[${index}].title`, title, limits.buttonTitle),
  ]),
  ...unique(buttons.map(({ id }, index) => [`${at}[${index}].id`, id])),
  ...unique(buttons.map(({ title }, index) => [`${at}[${index}].title`, title])),
];

function listProblems(at: string, button: string, sections: readonly SelectionSection[]): Problem[] {
  const rows = sections.flatMap((section, index) =>
    section.rows.map((row, place) => ({ ...row, at: `${at}.sections[${index}].rows[${place}]` })),
  );
  return [
    ...aText(`${at}.button`, button, limits.buttonTitle),
    ...sectionProblems(`${at}.sections`, sections, ({ rows: inside }) => inside.length, 'rows'),
    ...demand(
      rows.length <= limits.rows,
      `${at}.sections`,
      `must have at most ${limits.rows} rows in all and have ${rows.length}`,
      'take some away',
    ),
    ...rows.flatMap((row) => [
      ...aText(`${row.at}.id`, row.id, limits.rowId),
      ...aText(`${row.at}.title`, row.title, limits.rowTitle),
      ...aTextOrNone(`${row.at}.description`, row.description, limits.rowDescription),
    ]),
    ...unique(rows.map((row) => [`${row.at}.id`, row.id])),
  ];
}

function productListProblems(at: string, catalogId: string, sections: readonly ProductSection[]): Problem[] {
  const products = sections.flatMap(({ productRetailerIds }, index) =>
    productRetailerIds.map((id, place) => ({ id, at: `${at}.sections[${index}].product_retailer_ids[${place}]` })),
  );
  return [
    ...aText(`${at}.catalog_id`, catalogId),
    ...sectionProblems(
      `${at}.sections`,
      sections,
      ({ productRetailerIds }) => productRetailerIds.length,
      'product_retailer_ids',
    ),
    ...demand(
      products.length <= limits.products,
      `${at}.sections`,
      `must have at most ${limits.products} products in all and have ${products.length}`,
      'take some away',
    ),
    ...products.flatMap((product) => aText(product.at, product.id)),
  ];
}

/** Sections have titles where there are several of them. */
function sectionProblems<S extends { readonly title: string }>(
  at: string,
  sections: readonly S[],
  sizeOf: (section: S) => number,
  inside: string,
): Problem[] {
  const titled = sections.length > 1 ? aText : aTextOrNone;
  return [
    ...aCount(at, sections.length, limits.sections, 'sections'),
    ...sections.flatMap((section, index) => [
      ...titled(`${at}[${index}].title`, section.title, limits.sectionTitle),
      ...demand(
        sizeOf(section) > 0,
        `${at}[${index}].${inside}`,
        'must have at least one',
        'add one, or leave the section out',
      ),
    ]),
  ];
}

function flowProblems(at: string, { title, flowId, flowToken, screen, dataJson }: FlowAction): Problem[] {
  return [
    ...aText(`${at}.title`, title, limits.flowTitle),
    ...demand(!hasEmoji.test(title), `${at}.title`, 'must be without emoji', 'take it out'),
    ...aText(`${at}.flow_id`, flowId),
    ...aText(`${at}.flow_token`, flowToken),
    ...aTextOrNone(`${at}.screen`, screen),
    ...anObjectOrNone(`${at}.data_json`, dataJson),
    ...demand(
      dataJson === '' || screen !== '',
      `${at}.screen`,
      'must be named where data_json is set: data goes to a screen',
      'name the first screen, or leave data_json empty',
    ),
  ];
}

const hasEmoji = /\p{Extended_Pictographic}/u;
