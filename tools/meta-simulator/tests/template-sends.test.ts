import { ANA, stopAll, WABA, world } from './support/world.js';

afterEach(stopAll);

const MARIA = '5511999990000';
type Json = Record<string, unknown>;
const text = (value: string, more: Json = {}) => ({ type: 'text', text: value, ...more });
const bodyOf = (...parameters: Json[]) => ({ type: 'body', parameters });
const headerOf = (...parameters: Json[]) => ({ type: 'header', parameters });
const button = (sub_type: string, index: number, ...parameters: Json[]) => ({
  type: 'button',
  sub_type,
  index,
  parameters,
});

const order = {
  name: 'order',
  components: [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::x'] } },
    { type: 'BODY', text: 'Hello {{1}}, your order {{2}} is confirmed.', example: { body_text: [['Ana', '1']] } },
    { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Track', url: 'https://example.org/{{1}}', example: ['https://example.org/1'] }, { type: 'QUICK_REPLY', text: 'Thanks' }] },
  ],
}; // prettier-ignore
const filled = [
  headerOf({ type: 'image', image: { id: '1' } }),
  bodyOf(text('Ana'), text('4711')),
  button('url', 0, text('4711')),
];
const without = (type: string) => filled.filter((each) => each.type !== type);

/** A world with a template of the account, and a way to send it. */
async function shop(seeded: Json = order) {
  const here = await world({ limits: { templates: 'strict' } });
  here.control.templates.seed({ language: 'en', ...seeded });
  const sendTemplate = (components: unknown, more: Json = {}) =>
    here.send({
      to: MARIA,
      type: 'template',
      template: { name: String(seeded['name']), language: { code: 'en' }, components },
      ...more,
    });
  return { ...here, sendTemplate };
}

const wrong: readonly [why: string, components: unknown, code: number, says: RegExp][] = [
  ['a value too few', [...without('body'), bodyOf(text('Ana'))], 132000, /^body: number of localizable_params \(1\) does not match the expected number of params \(2\)$/],
  ['no values at all', without('body'), 132000, /\(0\)/],
  ['no image', without('header'), 132012, /^header: Format mismatch, expected IMAGE, received UNKNOWN$/],
  ['a video for an image', [...without('header'), headerOf({ type: 'video', video: { id: '1' } })], 132012, /received VIDEO/],
  ['an image that is none', [...without('header'), headerOf({ type: 'image', image: {} })], 131008, /is missing/],
  ['a price with an object for a text', [...without('body'), bodyOf(text('Ana'), { type: 'image', image: { id: '1' } })], 132012, /expected TEXT/],
  ['an empty value', [...without('body'), bodyOf(text('Ana'), text(''))], 131008, /missing text value/],
  ['a new line', [...without('body'), bodyOf(text('Ana'), text('1\n2'))], 132018, /new-line/],
  ['a very long value', [...without('body'), bodyOf(text('Ana'), text('x'.repeat(1000)))], 132005, /too long/],
  ['no end of the link', without('button'), 131008, /Button at index 0 of type URL requires a parameter/],
  ['another kind of button', [...filled, button('url', 1, text('x'))], 132012, /index 1, expected QUICK_REPLY/],
  ['a button that there is not', [...filled, button('quick_reply', 7)], 132018, /no button at index 7/],
]; // prettier-ignore

describe('TP-3 a template that is sent', () => {
  it.each(wrong)('is refused for %s', async (_why, components, code, says) => {
    const { sendTemplate, control } = await shop();

    const { status, body } = await sendTemplate(components);

    expect([status, body.error.code]).toEqual([400, code]);
    expect(body.error.error_data?.details).toMatch(says);
    expect(control.messages().messages).toEqual([]);
  });

  it('goes when all is filled, and costs what its category costs at that moment', async () => {
    const { sendTemplate, control, clock, statuses } = await shop();

    const { status } = await sendTemplate(filled);
    await clock.advance(10_000);
    control.templates.act('order', 'categorise', { category: 'MARKETING', warn_first: false });
    await sendTemplate(filled);
    await clock.advance(10_000);

    const sent = statuses().filter((each) => each.status === 'sent');
    expect(status).toBe(200);
    expect(sent.map((each) => (each['pricing'] as Json)['category'])).toEqual(['utility', 'marketing']);
  });

  it('takes named values by their names', async () => {
    const components = [
      { type: 'BODY', text: 'Hello {{who}}, your order {{what}} is confirmed.', example: { body_text_named_params: [{ param_name: 'who', example: 'Ana' }, { param_name: 'what', example: '1' }] } },
    ]; // prettier-ignore
    const { sendTemplate } = await shop({ name: 'named', parameter_format: 'NAMED', components });
    const what = text('4711', { parameter_name: 'what' });

    const good = await sendTemplate([bodyOf(what, text('Ana', { parameter_name: 'who' }))]);
    const odd = await sendTemplate([bodyOf(what, text('Ana', { parameter_name: 'whom' }))]);

    expect([good.status, odd.body.error.code]).toEqual([200, 132018]);
  });

  it('fills every card of a carousel', async () => {
    const card = { components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::x'] } }, { type: 'BODY', text: 'For dear {{1}} only.', example: { body_text: [['Ana']] } }] }; // prettier-ignore
    const { sendTemplate } = await shop({
      name: 'cards',
      category: 'MARKETING',
      components: [
        { type: 'BODY', text: 'Have a look.' },
        { type: 'CAROUSEL', cards: [card, card] },
      ],
    });
    const given = (index: number, ...values: Json[]) => ({ card_index: index, components: [headerOf({ type: 'image', image: { id: '1' } }), bodyOf(...values)] }); // prettier-ignore

    const good = await sendTemplate([{ type: 'carousel', cards: [given(0, text('Ana')), given(1, text('Ana'))] }]);
    const one = await sendTemplate([{ type: 'carousel', cards: [given(0, text('Ana'))] }]);
    const empty = await sendTemplate([{ type: 'carousel', cards: [given(0, text('Ana')), given(1)] }]);

    expect([good.status, one.body.error.code, empty.body.error.code]).toEqual([200, 132000, 132000]);
  });

  it('must be there in this language, approved, and neither paused nor disabled', async () => {
    const { sendTemplate, control, send } = await shop();
    const codes: number[] = [];
    const attempt = async () => codes.push((await sendTemplate(filled)).body.error.code);

    const german = await send({ to: MARIA, type: 'template', template: { name: 'order', language: { code: 'de' } } });
    control.templates.act('order', 'reject', {});
    await attempt();
    control.templates.act('order', 'pause', {});
    await attempt();
    control.templates.act('order', 'disable', {});
    await attempt();

    expect([german.status, german.body.error.code]).toEqual([404, 132001]);
    expect(german.body.error.error_data?.details).toBe('template name (order) does not exist in de');
    expect(codes).toEqual([132001, 132015, 132016]);
  });

  it('is not looked up while any template will do', async () => {
    const { sendTemplate, control } = await shop();
    control.setLimits({ templates: 'any' }, WABA);

    expect((await sendTemplate([], {})).status).toBe(200);
  });

  it('for authentication needs a phone', async () => {
    const { send, control } = await shop({
      name: 'login',
      category: 'AUTHENTICATION',
      components: [{ type: 'BODY' }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] }],
    });
    control.write(ANA, { text: 'hello' });
    const userId = control.customers().customers[0]!['user_id'];
    const template = { name: 'login', language: { code: 'en' }, components: [bodyOf(text('123')), button('url', 0, text('123'))] }; // prettier-ignore

    const byUserId = await send({ recipient: userId, type: 'template', template });
    const byPhone = await send({ to: ANA, type: 'template', template });

    expect([byUserId.body.error.code, byPhone.status]).toEqual([131062, 200]);
  });
});
