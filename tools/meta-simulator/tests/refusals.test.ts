import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

const text = { to: ANA, type: 'text', text: { body: 'hi' } };
const reply = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });
const buttons = (...all: unknown[]) => ({
  to: ANA,
  type: 'interactive',
  interactive: { type: 'button', body: { text: 'Choose' }, action: { buttons: all } },
});

const interactive = (of: object) => ({ to: ANA, type: 'interactive', interactive: { body: { text: 'x' }, ...of } });
const list = (sections: unknown[], more: object = {}) =>
  interactive({ type: 'list', action: { button: 'Open', sections }, ...more });
const row = (id: string) => ({ id, title: 'Row' });
const flow = (parameters: object) =>
  interactive({ type: 'flow', action: { name: 'flow', parameters: { flow_message_version: '3', flow_id: '7', flow_cta: 'Go', ...parameters } } }); // prettier-ignore
const products = (sections: unknown[], more: object = { header: { type: 'text', text: 'x' } }) =>
  interactive({ type: 'product_list', action: { catalog_id: 'c', sections }, ...more });
const items = (count: number) => Array.from({ length: count }, (_, index) => ({ product_retailer_id: `sku-${index}` }));
const contact = (of: object) => ({ to: ANA, type: 'contacts', contacts: [of] });
const template = (component: object) => ({
  to: ANA,
  type: 'template',
  template: { name: 'offer', language: { code: 'en' }, components: [component] },
});
const cards = (...all: object[]) =>
  interactive({ type: 'carousel', action: { cards: all.map((card, index) => ({ card_index: index, action: {}, ...card })) } }); // prettier-ignore

/** What only some kinds are refused for, as Meta documents each. */
const refusalsByKind: readonly [why: string, body: object, code: number, says: RegExp][] = [
  ['an id and a link', { to: ANA, type: 'image', image: { id: '1', link: 'https://a.example/b' } }, 131009, /together/],
  ['a link that is no web address', { to: ANA, type: 'video', video: { link: 'ftp://a.example/b' } }, 131009, /link/],
  ['words below an audio', { to: ANA, type: 'audio', audio: { id: '1', caption: 'x' } }, 131009, /caption/],
  ['words below a sticker', { to: ANA, type: 'sticker', sticker: { id: '1', caption: 'x' } }, 131009, /caption/],
  ['a voice that is an image', { to: ANA, type: 'image', image: { id: '1', voice: true } }, 131009, /voice/],
  ['a place beyond the poles', { to: ANA, type: 'location', location: { latitude: 91, longitude: 0 } }, 131009, /latitude/],
  ['half a place', { to: ANA, type: 'location', location: { latitude: 1 } }, 131009, /longitude/],
  ['no cards', { to: ANA, type: 'contacts', contacts: [] }, 131009, /Min length: 1/],
  ['a card without a part of the name', contact({ name: { formatted_name: 'Ana' } }), 131008, /first_name/],
  ['a card with a phone for an id', contact({ name: { formatted_name: 'A', first_name: 'A' }, phones: [{ wa_id: '+1' }] }), 131009, /wa_id/],
  ['two emoji', { to: ANA, type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍👍' } }, 131009, /one emoji/],
  ['a word for an emoji', { to: ANA, type: 'reaction', reaction: { message_id: 'wamid.x', emoji: 'ok' } }, 131009, /one emoji/],
  ['a reaction to nothing', { to: ANA, type: 'reaction', reaction: { emoji: '👍' } }, 131008, /message_id/],
  ['a reaction to what is no message', { to: ANA, type: 'reaction', reaction: { message_id: '7', emoji: '👍' } }, 131009, /message_id/],
  ['two buttons of one id', buttons(reply('a', 'A'), reply('a', 'B')), 131009, /Duplicated button ids/],
  ['two buttons of one title', buttons(reply('a', 'A'), reply('b', 'A')), 131009, /Duplicated button titles/],
  ['buttons without a body', interactive({ type: 'button', body: undefined, action: { buttons: [reply('a', 'A')] } }), 131008, /body/],
  ['a long footer', interactive({ type: 'button', footer: { text: 'x'.repeat(61) }, action: { buttons: [reply('a', 'A')] } }), 131009, /Max length: 60/],
  ['a list below an image', list([{ rows: [row('1')] }], { header: { type: 'image', image: { id: '1' } } }), 131009, /header/],
  ['eleven rows', list([{ title: 'A', rows: Array.from({ length: 6 }, (_, id) => row(`a${id}`)) }, { title: 'B', rows: Array.from({ length: 5 }, (_, id) => row(`b${id}`)) }]), 131009, /maximum of 10/],
  ['two rows of one id', list([{ rows: [row('1'), row('1')] }]), 131009, /Duplicated row ids/],
  ['two sections, one without a title', list([{ title: 'A', rows: [row('1')] }, { rows: [row('2')] }]), 131009, /title/],
  ['a link to nowhere', interactive({ type: 'cta_url', action: { name: 'cta_url', parameters: { display_text: 'Go', url: 'nowhere' } } }), 131009, /url/],
  ['another name for an action', interactive({ type: 'cta_url', action: { name: 'link', parameters: { display_text: 'Go', url: 'https://a.example' } } }), 131009, /name/],
  ['a flow of nobody', flow({ flow_id: undefined }), 131008, /flow_id/],
  ['a flow of another version', flow({ flow_message_version: '2' }), 131009, /flow_message_version/],
  ['a long button of a flow', flow({ flow_cta: 'x'.repeat(31) }), 131009, /Max length: 30/],
  ['an emoji on the button of a flow', flow({ flow_cta: 'Go 👍' }), 131009, /Emoji/],
  ['a screen that the endpoint is to choose', flow({ flow_action: 'data_exchange', flow_action_payload: { screen: 'A' } }), 131009, /navigate/],
  ['a product below a text', interactive({ type: 'product', header: { type: 'text', text: 'x' }, action: { catalog_id: 'c', product_retailer_id: 's' } }), 131009, /header/],
  ['products without a header', products([{ product_items: items(1) }], {}), 131008, /header/],
  ['31 products', products([{ title: 'A', product_items: items(16) }, { title: 'B', product_items: items(15) }]), 131009, /maximum of 30/],
  ['no products', products([{ product_items: [] }]), 131009, /Min length: 1/],
  ['a catalogue without words', interactive({ type: 'catalog_message', body: undefined, action: { name: 'catalog_message' } }), 131008, /body/],
  ['a request for a place with a footer', interactive({ type: 'location_request_message', footer: { text: 'x' }, action: { name: 'send_location' } }), 131009, /footer/],
  ['a request for a place by another name', interactive({ type: 'location_request_message', action: { name: 'location' } }), 131009, /name/],
  ['one card', cards({ type: 'product' }), 131009, /Min length: 2/],
  ['cards of two kinds', cards({ type: 'product' }, { type: 'cta_url' }), 131009, /same type/],
  ['an address in no country', interactive({ type: 'address_message', action: { name: 'address_message', parameters: {} } }), 131008, /country/],
  ['a template with a name that cannot be', { to: ANA, type: 'template', template: { name: 'My Offer', language: { code: 'en' } } }, 131009, /name/],
  ['a button of a template without its place', template({ type: 'button', sub_type: 'url' }), 131008, /index/],
  ['a button of a template of no kind', template({ type: 'button', index: '0' }), 131008, /sub_type/],
  ['a header without its image', template({ type: 'header', parameters: [{ type: 'image' }] }), 131008, /image/],
  ['a coupon without its code', template({ type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code' }] }), 131008, /coupon_code/],
]; // prettier-ignore

const refusals: readonly [why: string, body: object, http: number, code: number, says: RegExp][] = [
  ['no product', { ...text, messaging_product: undefined }, 400, 100, /parameter messaging_product is required/],
  ['another product', { ...text, messaging_product: 'x' }, 400, 100, /must be one of \{WHATSAPP\}/],
  ['no recipient', { type: 'text', text: { body: 'hi' } }, 400, 100, /parameter to is required/],
  ['an unknown type', { to: ANA, type: 'poll' }, 400, 100, /Param type must be one of/],
  ['no content', { to: ANA, type: 'text' }, 400, 100, /parameter text is required/],
  ['a text without body', { to: ANA, type: 'text', text: {} }, 400, 100, /parameter text\['body'\] is required/],
  ['a long text', { ...text, text: { body: 'x'.repeat(4097) } }, 400, 100, /at most 4096 characters/],
  ['not a phone', { ...text, to: '12' }, 400, 131009, /Invalid WhatsApp number/],
  ['not a user id', { ...text, to: undefined, recipient: '12025550143' }, 400, 131009, /Invalid user id/],
  ["somebody else's user id", { ...text, to: undefined, recipient: 'US.1' }, 400, 131026, /Undeliverable/],
  ['ourselves as the recipient', { ...text, to: '+1 555 014 0077' }, 400, 131021, /same/],
  ['a group', { ...text, recipient_type: 'group' }, 400, 131051, /Groups/],
  ['no media', { to: ANA, type: 'image', image: { caption: 'x' } }, 400, 131008, /id or link is required/],
  ['a long caption', { to: ANA, type: 'image', image: { id: '1', caption: 'x'.repeat(1025) } }, 400, 131009, /Max length: 1024/],
  ['four buttons', buttons(...['a', 'b', 'c', 'd'].map((id) => reply(id, id))), 400, 131009, /Max length: 3/],
  ['a long button', buttons(reply('a', 'x'.repeat(21))), 400, 131009, /\['title'\]: length invalid. Max length: 20/],
  ['an unknown interactive', { to: ANA, type: 'interactive', interactive: { type: 'quiz' } }, 400, 131009, /quiz/],
  ['long callback data', { ...text, biz_opaque_callback_data: 'x'.repeat(513) }, 400, 131009, /Max length: 512/],
  ['a code sent to a user id', { recipient: 'US.1', type: 'template', template: { name: 'otp', language: { code: 'en' }, components: [{ type: 'button', sub_type: 'copy_code', index: '0' }] } }, 400, 131062, /BSUID/],
  ['a closed window', text, 400, 131047, /more than 24 hours/],
]; // prettier-ignore

describe('the messages endpoint', () => {
  it.each(refusals)('refuses %s with Meta’s error body', async (_why, body, http, code, says) => {
    const { send } = await world();

    const answer = await send(body);

    expect(answer.status).toBe(http);
    expect(answer.body).toEqual({
      error: {
        message: expect.stringMatching(new RegExp(`^\\(#${code}\\) `)),
        type: 'OAuthException',
        code,
        ...(code > 1000 && { error_data: { messaging_product: 'whatsapp', details: expect.any(String) } }),
        fbtrace_id: expect.stringMatching(/^A[\w-]{20,}$/),
      },
    });
    expect(`${answer.body.error.message} ${answer.body.error.error_data?.details}`).toMatch(says);
  });

  it.each(refusalsByKind)('refuses %s', async (_why, body, code, says) => {
    const { control, send } = await world();
    control.write(ANA, { text: 'hello' });

    const answer = await send(body);

    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    expect(answer.body.error.error_data?.details).toMatch(says);
    expect(control.messages().messages.filter(({ direction }) => direction === 'out')).toEqual([]);
  });

  it('refuses a token it does not know, and a call without one, with 401 and code 190', async () => {
    const { call } = await world({ accessTokens: ['good'] });

    const path = `/v25.0/${PHONE}/messages`;
    const [unknown, none, good] = [
      await call('POST', path, {}, { authorization: 'Bearer bad' }),
      await call('POST', path, {}, { authorization: '' }),
      await call('POST', path, {}, { authorization: 'Bearer good' }),
    ];

    expect([unknown.status, none.status, good.status]).toEqual([401, 401, 400]);
    expect(unknown.body).toEqual({
      error: {
        message: 'Invalid OAuth access token - Cannot parse access token',
        type: 'OAuthException',
        code: 190,
        fbtrace_id: expect.any(String),
      },
    });
    expect(none.body.error.code).toBe(190);
  });

  it('does not know a number of another account', async () => {
    const { call } = await world();

    const { status, body } = await call('POST', '/v24.0/4711/messages', {});

    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'GraphMethodException', code: 100, error_subcode: 33 });
  });

  it('refuses what is not JSON', async () => {
    const { call } = await world();

    const { status, body } = await call('POST', `/v24.0/${PHONE}/messages`, '{');

    expect([status, body.error.code]).toEqual([400, 100]);
  });
});

const accepted: readonly [type: string, body: object][] = [
  ['text', { text: { body: 'hi', preview_url: true } }],
  ['image', { image: { link: 'https://example.org/a.png', caption: 'x' } }],
  ['video', { video: { id: '1' } }],
  ['audio', { audio: { id: '1', voice: true } }],
  ['document', { document: { id: '1', filename: 'a.pdf' } }],
  ['sticker', { sticker: { id: '1' } }],
  ['location', { location: { latitude: 52.5, longitude: 13.4, name: 'Berlin' } }],
  ['contacts', { contacts: [{ name: { formatted_name: 'Ana', first_name: 'Ana' } }] }],
  ['reaction', { reaction: { message_id: 'wamid.x', emoji: '👍' } }],
  ['template', { template: { name: 'order_ready', language: { code: 'en_US' } } }],
  ['interactive', { interactive: { type: 'list', body: { text: 'x' }, action: { button: 'Open', sections: [{ rows: [{ id: '1', title: 'One' }] }] } } }],
  ['interactive', { interactive: { type: 'cta_url', body: { text: 'x' }, action: { name: 'cta_url', parameters: { display_text: 'Go', url: 'https://example.org' } } } }],
  ['interactive', { interactive: { type: 'request_contact_info', body: { text: 'x' }, action: { name: 'request_contact_info' } } }],
]; // prettier-ignore

describe('the types of messages', () => {
  it.each(accepted)('accepts %s %j', async (type, content) => {
    const { control, send } = await world();
    control.write(ANA, { text: 'hello' });

    const { status, body } = await send({ to: `+${ANA}`, type, context: { message_id: 'wamid.y' }, ...content });

    expect(status).toBe(200);
    expect(body.messages).toHaveLength(1);
  });
});

describe('receipts', () => {
  it('marks a message and all before it as read, and shows that somebody is typing', async () => {
    const { control, send } = await world();
    control.write(ANA, { text: 'one' });
    const { messages } = control.write(ANA, { text: 'two' });

    const answer = await send({ status: 'read', message_id: messages[0]!.id, typing_indicator: { type: 'text' } });

    expect(answer.body).toEqual({ success: true });
    const said = control.messages({ direction: 'in' }).messages;
    expect(said.map(({ statuses }) => statuses.map(({ status }) => status))).toEqual([['read'], ['read', 'typing']]);
  });
});
