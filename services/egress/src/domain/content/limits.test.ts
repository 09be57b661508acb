import { type Content, contentProblems, type Sendable } from '../content.js';
import { type ContactCard, MAX_CARDS } from './contacts.js';
import { type InteractiveAction, limits } from './interactive-action.js';
import { type InteractiveContent, type InteractiveHeader } from './interactive.js';
import { type Location } from './location.js';
import { type Media } from './media.js';
import { type TemplateComponent, type TemplateParameter } from './template.js';

/** `wrong` are the fields that are named; none = it may go. */
type Case = readonly [what: string, content: Sendable, ...wrong: string[]];

const x = (length: number): string => 'x'.repeat(length);
/** One character outside the plane of most others: Meta counts two. */
const WIDE = '𝔸';

const text = (body: string): Sendable => ({ kind: 'text', text: body, previewUrl: false });
const media = (of: Partial<Media>): Sendable => ({ kind: 'media', media: { kind: 'image', mediaId: '1', ...of } });
const noSource = (of: Media): Sendable => ({ kind: 'media', media: of });
const place = (of: Partial<Location>): Sendable => ({
  kind: 'location',
  location: { latitude: 0, longitude: 0, ...of },
});
const card = (of: Partial<ContactCard> = {}): ContactCard => ({
  formattedName: 'Ana P',
  firstName: 'Ana',
  phones: [],
  ...of,
});
const cards = (...all: ContactCard[]): Sendable => ({ kind: 'contacts', cards: all });
const reaction = (emoji: string, messageId = 'wamid.x'): Sendable => ({ kind: 'reaction', messageId, emoji });

const interactive = (action: InteractiveAction, more: Partial<InteractiveContent> = {}): Sendable => ({
  kind: 'interactive',
  body: 'Well?',
  footer: '',
  action,
  ...more,
});
const buttons = (...all: [id: string, title: string][]): InteractiveAction => ({
  kind: 'replyButtons',
  buttons: all.map(([id, title]) => ({ id, title })),
});
const oneButton = buttons(['1', 'Yes']);
const row = (id: string, title = 'One', description = '') => ({ id, title, description });
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, index) => row(String(from + index)));
const list = (...sections: [title: string, rows: ReturnType<typeof row>[]][]): InteractiveAction => ({
  kind: 'list',
  button: 'Choose',
  sections: sections.map(([title, inside]) => ({ title, rows: inside })),
});
const link = (title: string, url = 'https://example.com'): InteractiveAction => ({ kind: 'link', title, url });
const flow = (of: Partial<InteractiveAction & { kind: 'flow' }>): Sendable =>
  interactive({ kind: 'flow', title: 'Book', flowId: '7', flowToken: 't', screen: '', dataJson: '', ...of });
const products = (...sections: [title: string, count: number][]): InteractiveAction => ({
  kind: 'productList',
  catalogId: 'c',
  sections: sections.map(([title, count]) => ({
    title,
    productRetailerIds: Array.from({ length: count }, () => 'sku'),
  })),
});
const textHeader = (words: string): { header: InteractiveHeader } => ({ header: { kind: 'text', text: words } });
const mediaHeader = (of: Partial<Media> = {}): { header: InteractiveHeader } => ({
  header: { kind: 'media', media: { kind: 'image', mediaId: '1', ...of } },
});

const template = (components: TemplateComponent[], name = 'hi', language = 'en'): Sendable => ({
  kind: 'template',
  name,
  language,
  components,
});
const part = (kind: string, ...parameters: TemplateParameter[]): TemplateComponent => ({
  kind,
  buttonKind: '',
  buttonIndex: 0,
  parameters,
});
const button = (buttonKind: string, parameter: TemplateParameter, buttonIndex = 0): TemplateComponent => ({
  kind: 'button',
  buttonKind,
  buttonIndex,
  parameters: [parameter],
});
const says = (value: string, kind: 'text' | 'payload' | 'couponCode' = 'text'): TemplateParameter => ({
  name: '',
  kind,
  value,
});
const first = 'content.template.components[0].parameters[0]';

const cases: Record<string, readonly Case[]> = {
  text: [
    ['nothing', text(''), 'content.text.body'],
    ['spaces', text(' \n '), 'content.text.body'],
    ['one character', text('a')],
    ['4,096', text(x(4_096))],
    ['4,097', text(x(4_097)), 'content.text.body'],
    ['2,048 that count twice', text(WIDE.repeat(2_048))],
    ['2,049 that count twice', text(WIDE.repeat(2_049)), 'content.text.body'],
  ],
  media: [
    ['a kind there is not', media({ kind: 'gif' }), 'content.media.kind'],
    ['nothing that says which', noSource({ kind: 'image' }), 'content.media'],
    ['two that say which', media({ fileId: 'f' }), 'content.media'],
    ['a caption of 1,024', media({ caption: x(1_024) })],
    ['a caption of 1,025', media({ caption: x(1_025) }), 'content.media.caption'],
    ['a caption below an audio', media({ kind: 'audio', caption: 'x' }), 'content.media.caption'],
    ['a caption below a sticker', media({ kind: 'sticker', caption: 'x' }), 'content.media.caption'],
    ['a name of 255', media({ kind: 'document', filename: x(255) })],
    ['a name of 256', media({ kind: 'document', filename: x(256) }), 'content.media.filename'],
    ['a name of an image', media({ filename: 'a.png' }), 'content.media.filename'],
    ['a voice note that is a video', media({ kind: 'video', voice: true }), 'content.media.voice'],
    ['an address of 2,000', noSource({ kind: 'image', link: `https://a.example/${x(1_982)}` })],
    ['an address of 2,001', noSource({ kind: 'image', link: `https://a.example/${x(1_983)}` }), 'content.media.link'],
    ['an address in the clear', noSource({ kind: 'image', link: 'http://a.example/b' }), 'content.media.link'],
  ],
  location: [
    ['the poles', place({ latitude: -90, longitude: 180 })],
    ['beyond a pole', place({ latitude: 90.001 }), 'content.location.latitude'],
    ['beyond the date line', place({ longitude: -180.001 }), 'content.location.longitude'],
    ['no number', place({ latitude: NaN }), 'content.location.latitude'],
    ['a name of 1,024', place({ name: x(1_024), address: x(1_024) })],
    ['a name of 1,025', place({ name: x(1_025) }), 'content.location.name'],
  ],
  contacts: [
    ['none', cards(), 'content.contacts.cards'],
    ['257', cards(...Array.from({ length: MAX_CARDS }, () => card()))],
    ['258', cards(...Array.from({ length: MAX_CARDS + 1 }, () => card())), 'content.contacts.cards'],
    ['no whole name', cards(card({ formattedName: '' })), 'content.contacts.cards[0].formatted_name'],
    ['a whole name alone', cards(card({ firstName: '' })), 'content.contacts.cards[0].first_name'],
    ['a family name', cards(card({ firstName: '', lastName: 'P' }))],
    [
      'a phone with plus as id',
      cards(card(), card({ phones: [{ phone: '1', waId: '+4930', type: '' }] })),
      'content.contacts.cards[1].phones[0].wa_id',
    ],
    ['no e-mail address', cards(card({ email: 'ana' })), 'content.contacts.cards[0].email'],
    ['no web address', cards(card({ url: 'example.com' })), 'content.contacts.cards[0].url'],
  ],
  reaction: [
    ['one emoji', reaction('👍')],
    ['a heart without its mark', reaction('\u2764')],
    ['a family', reaction('👩‍👩‍👧‍👦')],
    ['a flag', reaction('🇪🇺')],
    ['none', reaction('')],
    ['two', reaction('👍👍'), 'content.reaction.emoji'],
    ['a letter', reaction('a'), 'content.reaction.emoji'],
    ['a digit', reaction('1'), 'content.reaction.emoji'],
    ['to nothing', reaction('👍', ''), 'content.reaction.message_id'],
  ],
  interactive: [
    ['nothing to press', { kind: 'interactive', body: 'x', footer: '' }, 'content.interactive'],
    ['a body of 1,024', interactive(oneButton, { body: x(1_024) })],
    ['a body of 1,025', interactive(oneButton, { body: x(1_025) }), 'content.interactive.body'],
    ['no body', interactive(oneButton, { body: '' }), 'content.interactive.body'],
    ['a list with a body of 4,096', interactive(list(['', rows(1)]), { body: x(4_096) })],
    ['a list with a body of 4,097', interactive(list(['', rows(1)]), { body: x(4_097) }), 'content.interactive.body'],
    ['a footer of 60', interactive(oneButton, { footer: x(60) })],
    ['a footer of 61', interactive(oneButton, { footer: x(61) }), 'content.interactive.footer'],
    ['a header of 60', interactive(oneButton, textHeader(x(60)))],
    ['a header of 61', interactive(oneButton, textHeader(x(61))), 'content.interactive.header.text'],
    ['a video above a link', interactive(link('Open'), mediaHeader({ kind: 'video' }))],
    ['an audio above buttons', interactive(oneButton, mediaHeader({ kind: 'audio' })), 'content.interactive.header.media.kind'],
    ['a caption above buttons', interactive(oneButton, mediaHeader({ caption: 'x' })), 'content.interactive.header.media.caption'],
    ['an image above a list', interactive(list(['', rows(1)]), mediaHeader()), 'content.interactive.header.media'],
    ['a text above a request', interactive({ kind: 'locationRequest' }, textHeader('x')), 'content.interactive.header'],
    ['a text below a request', interactive({ kind: 'contactInfoRequest' }, { footer: 'x' }), 'content.interactive.footer'],
    [
      'a text above a product',
      interactive({ kind: 'product', catalogId: 'c', productRetailerId: 's' }, textHeader('x')),
      'content.interactive.header',
    ],
    [
      'a product of no catalogue',
      interactive({ kind: 'product', catalogId: '', productRetailerId: '' }),
      'content.interactive.product.catalog_id',
      'content.interactive.product.product_retailer_id',
    ],
  ],
  buttons: [
    ['none', interactive(buttons()), 'content.interactive.reply_buttons.buttons'],
    ['three', interactive(buttons(['1', 'a'], ['2', 'b'], ['3', 'c']))],
    ['four', interactive(buttons(['1', 'a'], ['2', 'b'], ['3', 'c'], ['4', 'd'])), 'content.interactive.reply_buttons.buttons'],
    ['a title of 20, an id of 256', interactive(buttons([x(limits.buttonId), x(limits.buttonTitle)]))],
    ['a title of 21', interactive(buttons(['1', x(21)])), 'content.interactive.reply_buttons.buttons[0].title'],
    ['an id of 257', interactive(buttons([x(257), 'a'])), 'content.interactive.reply_buttons.buttons[0].id'],
    ['an id twice', interactive(buttons(['1', 'a'], ['1', 'b'])), 'content.interactive.reply_buttons.buttons[1].id'],
    ['a title twice', interactive(buttons(['1', 'a'], ['2', 'a'])), 'content.interactive.reply_buttons.buttons[1].title'],
  ],
  list: [
    ['no section', interactive(list()), 'content.interactive.list.sections'],
    ['ten rows', interactive(list(['', rows(10)]))],
    ['ten rows in two sections', interactive(list(['a', rows(5)], ['b', rows(5, 5)]))],
    ['eleven rows', interactive(list(['a', rows(6)], ['b', rows(5, 6)])), 'content.interactive.list.sections'],
    ['ten sections', interactive(list(...rows(10).map(({ id }): [string, ReturnType<typeof rows>] => ['s', [row(id)]])))],
    [
      'eleven sections',
      interactive(list(...rows(11).map(({ id }): [string, ReturnType<typeof rows>] => ['s', [row(id)]]))),
      'content.interactive.list.sections',
      'content.interactive.list.sections',
    ],
    ['a section without rows', interactive(list(['a', rows(1)], ['b', []])), 'content.interactive.list.sections[1].rows'],
    ['a second section without title', interactive(list(['a', rows(1)], ['', rows(1, 1)])), 'content.interactive.list.sections[1].title'],
    ['a section title of 24', interactive(list([x(24), rows(1)]))],
    ['a section title of 25', interactive(list([x(25), rows(1)])), 'content.interactive.list.sections[0].title'],
    ['a row at its limits', interactive(list(['', [row(x(200), x(24), x(72))]]))],
    ['a row id of 201', interactive(list(['', [row(x(201))]])), 'content.interactive.list.sections[0].rows[0].id'],
    ['a third row title of 25', interactive(list(['', [...rows(2), row('2', x(25))]])), 'content.interactive.list.sections[0].rows[2].title'],
    ['a description of 73', interactive(list(['', [row('1', 'a', x(73))]])), 'content.interactive.list.sections[0].rows[0].description'],
    ['an id twice, in two sections', interactive(list(['a', rows(1)], ['b', rows(1)])), 'content.interactive.list.sections[1].rows[0].id'],
    ['an opener of 20', interactive({ ...list(['', rows(1)]), button: x(20) } as InteractiveAction)],
    ['an opener of 21', interactive({ ...list(['', rows(1)]), button: x(21) } as InteractiveAction), 'content.interactive.list.button'],
  ],
  link: [
    ['a title of 20', interactive(link(x(20)))],
    ['a title of 21', interactive(link(x(21))), 'content.interactive.link.title'],
    ['no address', interactive(link('Open', 'example')), 'content.interactive.link.url'],
    ['an address of 2,000', interactive(link('Open', `http://a.example/${x(1_983)}`))],
    ['an address of 2,001', interactive(link('Open', `http://a.example/${x(1_984)}`)), 'content.interactive.link.url'],
  ],
  flow: [
    ['a title of 30', flow({ title: x(30) })],
    ['a title of 31', flow({ title: x(31) }), 'content.interactive.flow.title'],
    ['a title with an emoji', flow({ title: 'Book 📅' }), 'content.interactive.flow.title'],
    ['no id and no token', flow({ flowId: '', flowToken: '' }), 'content.interactive.flow.flow_id', 'content.interactive.flow.flow_token'],
    ['data for a screen', flow({ screen: 'DAY', dataJson: '{"a":1}' })],
    ['data for no screen', flow({ dataJson: '{"a":1}' }), 'content.interactive.flow.screen'],
    ['data that is no object', flow({ screen: 'DAY', dataJson: '[1]' }), 'content.interactive.flow.data_json'],
    ['data that is nothing', flow({ screen: 'DAY', dataJson: '{}' }), 'content.interactive.flow.data_json'],
    ['data that is no JSON', flow({ screen: 'DAY', dataJson: '{' }), 'content.interactive.flow.data_json'],
  ],
  products: [
    ['thirty', interactive(products(['a', 15], ['b', 15]), textHeader('For you'))],
    ['thirty-one', interactive(products(['a', 15], ['b', 16]), textHeader('For you')), 'content.interactive.product_list.sections'],
    ['without a header', interactive(products(['', 1])), 'content.interactive.header.text'],
    ['none in a section', interactive(products(['', 0]), textHeader('x')), 'content.interactive.product_list.sections[0].product_retailer_ids'],
  ],
  template: [
    ['a name of 512', template([], x(512))],
    ['a name of 513', template([], x(513)), 'content.template.name'],
    ['a name with capitals', template([], 'Hi'), 'content.template.name'],
    ['a language with a dash', template([], 'hi', 'en-US'), 'content.template.language'],
    ['a part there is not', template([part('footer')]), 'content.template.components[0].kind'],
    ['a button there is not', template([button('call', says('x'))]), 'content.template.components[0].button_kind'],
    ['the tenth button', template([button('url', says('x'), 9)])],
    ['an eleventh button', template([button('url', says('x'), 10)]), 'content.template.components[0].button_index'],
    ['a header of 60', template([part('header', says(x(60)))])],
    ['a header of 61', template([part('header', says(x(61)))]), `${first}.text`],
    ['a body of 1,024 beside a header', template([part('body', says(x(1_024))), part('header', says('x'))])],
    ['a body of 1,025 beside a header', template([part('body', says(x(1_025))), part('header', says('x'))]), `${first}.text`],
    ['a body of 32,768 alone', template([part('body', says(x(32_768)))])],
    ['a body of 32,769 alone', template([part('body', says(x(32_769)))]), `${first}.text`],
    ['four spaces in a row', template([part('body', says('a    b'))])],
    ['five spaces in a row', template([part('body', says('a     b'))]), `${first}.text`],
    ['a line break', template([part('body', says('a\nb'))]), `${first}.text`],
    ['a coupon of 20', template([button('copy_code', says(x(20), 'couponCode'))])],
    ['a coupon of 21', template([button('copy_code', says(x(21), 'couponCode'))]), `${first}.coupon_code`],
    ['a payload of 256', template([button('quick_reply', says(x(256), 'payload'))])],
    ['a payload of 257', template([button('quick_reply', says(x(257), 'payload'))]), `${first}.payload`],
    ['the end of a link of 2,000', template([button('url', says(x(2_000)))])],
    ['the end of a link of 2,001', template([button('url', says(x(2_001)))]), `${first}.text`],
    ['a text for a payload', template([button('quick_reply', says('x'))]), first],
    ['a place in a body', template([part('body', { name: '', kind: 'location', location: { latitude: 1, longitude: 1 } })]), first],
    ['a sticker in a header', template([part('header', { name: '', kind: 'media', media: { kind: 'sticker', mediaId: '1' } })]), `${first}.media.kind`],
    ['a flow with data that is no object', template([button('flow', { name: '', kind: 'flow', token: '', dataJson: '1' })]), `${first}.flow.data_json`],
    ['a placeholder without a value', template([part('body', { name: '', kind: 'nothing' })]), first],
  ],
}; // prettier-ignore

describe.each(Object.entries(cases))('TX-5 the limits of %s', (_kind, table) => {
  it.each(table.map(([what, content, ...wrong]) => ({ what, content, wrong })))('$what', ({ content, wrong }) => {
    const problems = contentProblems(content);

    expect(problems.map(({ field }) => field)).toEqual(wrong);
    for (const { rule, remedy } of problems) {
      expect(rule).toMatch(/^must /);
      expect(remedy).not.toBe('');
    }
  });
});

it('TX-5 says how much there is and what to do', () => {
  const content: Content = text(x(4_097));

  expect(contentProblems(content)).toEqual([
    { field: 'content.text.body', rule: 'must be 1 to 4096 characters and has 4097', remedy: 'shorten it' },
  ]);
});
