import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

const text = { to: ANA, type: 'text', text: { body: 'hi' } };
const reply = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });
const buttons = (...all: unknown[]) => ({
  to: ANA,
  type: 'interactive',
  interactive: { type: 'button', body: { text: 'Choose' }, action: { buttons: all } },
});

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
  ['a code sent to a user id', { recipient: 'US.1', type: 'template', template: { name: 'otp', language: { code: 'en' }, components: [{ type: 'button', sub_type: 'copy_code' }] } }, 400, 131062, /BSUID/],
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
  ['contacts', { contacts: [{ name: { formatted_name: 'Ana' } }] }],
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
