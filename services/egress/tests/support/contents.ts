import { type Sendable } from '../../src/domain/content.js';
import { type InteractiveAction } from '../../src/domain/content/interactive-action.js';
import { type InteractiveContent } from '../../src/domain/content/interactive.js';
import { type Media } from '../../src/domain/content/media.js';
import { type TemplateComponent, type TemplateParameter } from '../../src/domain/content/template.js';

/** Every kind that can be sent, with the body Meta documents for it, without the address. */
export const contents: readonly (readonly [what: string, content: Sendable, body: object])[] = [
  [
    'a text',
    { kind: 'text', text: 'hello', previewUrl: false },
    { type: 'text', text: { body: 'hello', preview_url: false } },
  ],
  [
    'a text with a preview',
    { kind: 'text', text: 'see https://example.com', previewUrl: true },
    { type: 'text', text: { body: 'see https://example.com', preview_url: true } },
  ],
  [
    'an image with a caption',
    media({ kind: 'image', mediaId: '1', caption: 'ours' }),
    { type: 'image', image: { id: '1', caption: 'ours' } },
  ],
  [
    'a video that Meta fetches',
    media({ kind: 'video', link: 'https://example.com/a.mp4' }),
    { type: 'video', video: { link: 'https://example.com/a.mp4' } },
  ],
  ['an audio', media({ kind: 'audio', mediaId: '1' }), { type: 'audio', audio: { id: '1' } }],
  [
    'a voice note',
    media({ kind: 'audio', mediaId: '1', voice: true }),
    { type: 'audio', audio: { id: '1', voice: true } },
  ],
  [
    'a document with name and caption',
    media({ kind: 'document', mediaId: '1', filename: 'bill.pdf', caption: 'October' }),
    { type: 'document', document: { id: '1', filename: 'bill.pdf', caption: 'October' } },
  ],
  ['a sticker', media({ kind: 'sticker', mediaId: '1' }), { type: 'sticker', sticker: { id: '1' } }],
  [
    'a place',
    { kind: 'location', location: { latitude: 52.5163, longitude: 13.3777 } },
    { type: 'location', location: { latitude: 52.5163, longitude: 13.3777 } },
  ],
  [
    'a place with name and address',
    { kind: 'location', location: { latitude: 0, longitude: -180, name: 'Shop', address: 'Main Street 1' } },
    { type: 'location', location: { latitude: 0, longitude: -180, name: 'Shop', address: 'Main Street 1' } },
  ],
  [
    'contact cards',
    {
      kind: 'contacts',
      cards: [
        { formattedName: 'Ana Pereira', firstName: 'Ana', phones: [] },
        {
          formattedName: 'Dr. Leo Maier',
          firstName: 'Leo',
          lastName: 'Maier',
          phones: [
            { phone: '+49 30 901820', waId: '4930901820', type: 'WORK' },
            { phone: '030 1', type: '' },
          ],
          email: 'leo@example.com',
          organisation: 'Acme',
          url: 'https://example.com/leo',
        },
      ],
    },
    {
      type: 'contacts',
      contacts: [
        { name: { formatted_name: 'Ana Pereira', first_name: 'Ana' } },
        {
          name: { formatted_name: 'Dr. Leo Maier', first_name: 'Leo', last_name: 'Maier' },
          phones: [{ phone: '+49 30 901820', wa_id: '4930901820', type: 'WORK' }, { phone: '030 1' }],
          emails: [{ email: 'leo@example.com' }],
          org: { company: 'Acme' },
          urls: [{ url: 'https://example.com/leo' }],
        },
      ],
    },
  ],
  [
    'a reaction',
    { kind: 'reaction', messageId: 'wamid.in', emoji: '👍🏽' },
    { type: 'reaction', reaction: { message_id: 'wamid.in', emoji: '👍🏽' } },
  ],
  [
    'a reaction that is taken back',
    { kind: 'reaction', messageId: 'wamid.in', emoji: '' },
    { type: 'reaction', reaction: { message_id: 'wamid.in', emoji: '' } },
  ],
  interactive(
    'reply buttons below an image',
    {
      kind: 'replyButtons',
      buttons: [
        { id: 'y', title: 'Yes' },
        { id: 'n', title: 'No' },
      ],
    },
    {
      type: 'button',
      header: { type: 'image', image: { id: '1' } },
      body: { text: 'Well?' },
      footer: { text: 'Acme' },
      action: {
        buttons: [
          { type: 'reply', reply: { id: 'y', title: 'Yes' } },
          { type: 'reply', reply: { id: 'n', title: 'No' } },
        ],
      },
    },
    { header: { kind: 'media', media: { kind: 'image', mediaId: '1' } }, footer: 'Acme' },
  ),
  interactive(
    'CH-11 a list without sections',
    {
      kind: 'list',
      button: 'Rate',
      sections: [{ title: '', rows: [{ id: 'rating:5', title: '★★★★★', description: '' }] }],
    },
    {
      type: 'list',
      body: { text: 'Well?' },
      action: { button: 'Rate', sections: [{ rows: [{ id: 'rating:5', title: '★★★★★' }] }] },
    },
  ),
  interactive(
    'a list in sections',
    {
      kind: 'list',
      button: 'Choose',
      sections: [
        { title: 'Shoes', rows: [{ id: '1', title: 'Boots', description: 'Warm ones' }] },
        { title: 'Hats', rows: [{ id: '2', title: 'Cap', description: '' }] },
      ],
    },
    {
      type: 'list',
      header: { type: 'text', text: 'Catalogue' },
      body: { text: 'Well?' },
      action: {
        button: 'Choose',
        sections: [
          { title: 'Shoes', rows: [{ id: '1', title: 'Boots', description: 'Warm ones' }] },
          { title: 'Hats', rows: [{ id: '2', title: 'Cap' }] },
        ],
      },
    },
    { header: { kind: 'text', text: 'Catalogue' } },
  ),
  interactive(
    'a link below a document',
    { kind: 'link', title: 'Open', url: 'https://example.com/bill' },
    {
      type: 'cta_url',
      header: { type: 'document', document: { link: 'https://example.com/a.pdf', filename: 'a.pdf' } },
      body: { text: 'Well?' },
      action: { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com/bill' } },
    },
    { header: { kind: 'media', media: { kind: 'document', link: 'https://example.com/a.pdf', filename: 'a.pdf' } } },
  ),
  interactive(
    'a flow at a screen',
    { kind: 'flow', title: 'Book', flowId: '7', flowToken: 't', screen: 'DATE', dataJson: '{"day":"Mon"}' },
    {
      type: 'flow',
      body: { text: 'Well?' },
      action: {
        name: 'flow',
        parameters: {
          flow_message_version: '3',
          flow_token: 't',
          flow_id: '7',
          flow_cta: 'Book',
          flow_action: 'navigate',
          flow_action_payload: { screen: 'DATE', data: { day: 'Mon' } },
        },
      },
    },
  ),
  interactive(
    'a flow whose endpoint decides',
    { kind: 'flow', title: 'Book', flowId: '7', flowToken: 't', screen: '', dataJson: '' },
    {
      type: 'flow',
      body: { text: 'Well?' },
      action: {
        name: 'flow',
        parameters: {
          flow_message_version: '3',
          flow_token: 't',
          flow_id: '7',
          flow_cta: 'Book',
          flow_action: 'data_exchange',
        },
      },
    },
  ),
  interactive(
    'a request for a place',
    { kind: 'locationRequest' },
    { type: 'location_request_message', body: { text: 'Well?' }, action: { name: 'send_location' } },
  ),
  interactive(
    'a request for the phone',
    { kind: 'contactInfoRequest' },
    { type: 'request_contact_info', body: { text: 'Well?' }, action: { name: 'request_contact_info' } },
  ),
  interactive(
    'a product without words',
    { kind: 'product', catalogId: 'c', productRetailerId: 'sku-1' },
    { type: 'product', action: { catalog_id: 'c', product_retailer_id: 'sku-1' } },
    { body: '' },
  ),
  interactive(
    'products in sections',
    {
      kind: 'productList',
      catalogId: 'c',
      sections: [
        { title: 'Shoes', productRetailerIds: ['sku-1', 'sku-2'] },
        { title: 'Hats', productRetailerIds: ['sku-3'] },
      ],
    },
    {
      type: 'product_list',
      header: { type: 'text', text: 'For you' },
      body: { text: 'Well?' },
      action: {
        catalog_id: 'c',
        sections: [
          { title: 'Shoes', product_items: [{ product_retailer_id: 'sku-1' }, { product_retailer_id: 'sku-2' }] },
          { title: 'Hats', product_items: [{ product_retailer_id: 'sku-3' }] },
        ],
      },
    },
    { header: { kind: 'text', text: 'For you' } },
  ),
  interactive(
    'the catalogue with a picture',
    { kind: 'catalogue', thumbnailProductRetailerId: 'sku-1' },
    {
      type: 'catalog_message',
      body: { text: 'Well?' },
      action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'sku-1' } },
    },
  ),
  interactive(
    'the catalogue',
    { kind: 'catalogue', thumbnailProductRetailerId: '' },
    { type: 'catalog_message', body: { text: 'Well?' }, action: { name: 'catalog_message' } },
  ),
  template('TX-6 a template without parameters', [], undefined),
  template(
    'TX-6 a template with an image and texts, by place',
    [
      part('header', { name: '', kind: 'media', media: { kind: 'image', mediaId: '1' } }),
      part('body', { name: '', kind: 'text', value: 'Ana' }, { name: '', kind: 'text', value: '7' }),
    ],
    [
      { type: 'header', parameters: [{ type: 'image', image: { id: '1' } }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ana' },
          { type: 'text', text: '7' },
        ],
      },
    ],
  ),
  template(
    'TX-6 a template with texts by name',
    [
      part('header', { name: 'shop', kind: 'text', value: 'Acme' }),
      part('body', { name: 'customer', kind: 'text', value: 'Ana' }),
    ],
    [
      { type: 'header', parameters: [{ type: 'text', parameter_name: 'shop', text: 'Acme' }] },
      { type: 'body', parameters: [{ type: 'text', parameter_name: 'customer', text: 'Ana' }] },
    ],
  ),
  template(
    'TX-6 a template with a document and every kind of button',
    [
      part('header', {
        name: '',
        kind: 'media',
        media: { kind: 'document', link: 'https://a.example/b.pdf', filename: 'b.pdf' },
      }),
      button('quick_reply', 0, { name: '', kind: 'payload', value: 'yes' }),
      button('url', 1, { name: '', kind: 'text', value: 'order/7' }),
      button('copy_code', 2, { name: '', kind: 'couponCode', value: 'SAVE5' }),
      button('flow', 3, { name: '', kind: 'flow', token: 't', dataJson: '{"day":"Mon"}' }),
      button('flow', 4),
      button('catalog', 5, { name: '', kind: 'text', value: 'sku-1' }),
    ],
    [
      {
        type: 'header',
        parameters: [{ type: 'document', document: { link: 'https://a.example/b.pdf', filename: 'b.pdf' } }],
      },
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'yes' }] },
      { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'order/7' }] },
      {
        type: 'button',
        sub_type: 'copy_code',
        index: '2',
        parameters: [{ type: 'coupon_code', coupon_code: 'SAVE5' }],
      },
      {
        type: 'button',
        sub_type: 'flow',
        index: '3',
        parameters: [{ type: 'action', action: { flow_token: 't', flow_action_data: { day: 'Mon' } } }],
      },
      { type: 'button', sub_type: 'flow', index: '4' },
      {
        type: 'button',
        sub_type: 'catalog',
        index: '5',
        parameters: [{ type: 'action', action: { thumbnail_product_retailer_id: 'sku-1' } }],
      },
    ],
  ),
  template(
    'TX-6 a template with a place',
    [
      part('header', {
        name: '',
        kind: 'location',
        location: { latitude: 1, longitude: 2, name: 'Shop', address: 'Road 1' },
      }),
    ],
    [
      {
        type: 'header',
        parameters: [{ type: 'location', location: { latitude: 1, longitude: 2, name: 'Shop', address: 'Road 1' } }],
      },
    ],
  ),
];

function media(of: Media): Sendable {
  return { kind: 'media', media: of };
}

function interactive(
  what: string,
  action: InteractiveAction,
  body: object,
  more: Partial<InteractiveContent> = {},
): readonly [string, Sendable, object] {
  return [
    what,
    { kind: 'interactive', body: 'Well?', footer: '', action, ...more },
    { type: 'interactive', interactive: body },
  ];
}

function template(
  what: string,
  components: TemplateComponent[],
  bodies: object[] | undefined,
): readonly [string, Sendable, object] {
  return [
    what,
    { kind: 'template', name: 'order_ready', language: 'en_US', components },
    {
      type: 'template',
      template: { name: 'order_ready', language: { code: 'en_US' }, ...(bodies && { components: bodies }) },
    },
  ];
}

function part(kind: string, ...parameters: TemplateParameter[]): TemplateComponent {
  return { kind, buttonKind: '', buttonIndex: 0, parameters };
}

function button(buttonKind: string, buttonIndex: number, ...parameters: TemplateParameter[]): TemplateComponent {
  return { kind: 'button', buttonKind, buttonIndex, parameters };
}
