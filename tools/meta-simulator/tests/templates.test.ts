import { isSigned, PHONE, stopAll, WABA, world } from './support/world.js';

afterEach(stopAll);

const path = `/v25.0/${WABA}/message_templates`;
const body = (text: string, ...samples: string[]) => ({
  type: 'BODY',
  text,
  ...(samples.length > 0 && { example: { body_text: [samples] } }),
});
const order = (more: object = {}) => ({
  name: 'order_confirmation',
  language: 'en_US',
  category: 'UTILITY',
  components: [body('Hello {{1}}, your order {{2}} is confirmed.', 'Ana', '4711')],
  ...more,
});
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

type World = Awaited<ReturnType<typeof world>>;

const create = async ({ call }: World, more: object = {}) => (await call('POST', path, order(more))).body;
async function createApproved(here: World, more: object = {}): Promise<string> {
  const { id } = await create(here, more);
  await here.clock.advance(MINUTE_MS);
  return String(id);
}

describe('TP-2 a new template', () => {
  it('is pending, and approved when the review is over; the webhook is signed and has a time', async () => {
    const here = await world();

    const answer = await create(here);
    const pending = await here.call('GET', `/v25.0/${String(answer['id'])}`);
    await here.clock.advance(MINUTE_MS);

    expect(answer).toEqual({ id: expect.stringMatching(/^\d+$/), status: 'PENDING', category: 'UTILITY' });
    expect(pending.body).toMatchObject({
      name: 'order_confirmation',
      status: 'PENDING',
      parameter_format: 'POSITIONAL',
    });
    expect(here.webhook.received.every(isSigned)).toBe(true);
    expect(here.webhook.received[0]!.body.entry).toEqual([
      {
        id: WABA,
        time: Math.floor(here.clock.now() / 1000),
        changes: [
          {
            field: 'message_template_status_update',
            value: {
              event: 'APPROVED',
              message_template_id: Number(answer['id']),
              message_template_name: 'order_confirmation',
              message_template_language: 'en_US',
              reason: 'NONE',
              message_template_category: 'UTILITY',
            },
          },
        ],
      },
    ]);
  });

  it('is rejected, or put into another category, when that was decided by its name', async () => {
    const here = await world();
    here.control.templates.decide('order_confirmation', {
      verdict: 'reject',
      reason: 'PROMOTIONAL',
      category: 'MARKETING',
    });

    const answer = await create(here);
    await here.clock.advance(MINUTE_MS);

    expect(answer['category']).toBe('MARKETING');
    expect(here.told('message_template_status_update')).toMatchObject([
      {
        event: 'REJECTED',
        reason: 'PROMOTIONAL',
        rejection_info: { reason: expect.any(String), recommendation: expect.any(String) },
      },
    ]);
    const { body: read } = await here.call('GET', `/v25.0/${String(answer['id'])}?fields=status,rejected_reason`);
    expect(read).toEqual({ id: answer['id'], status: 'REJECTED', rejected_reason: 'PROMOTIONAL' });
  });

  it('stays pending for ever when that was decided, and takes as long as was set', async () => {
    const here = await world({ limits: { template_review_ms: 5 } });
    here.control.templates.decide('slow', { verdict: 'none' });
    await create(here, { name: 'slow', components: [body('One moment please.')] });
    await create(here);

    await here.clock.advance(5);

    expect(here.control.templates.list().templates.map(({ status }) => status)).toEqual(['PENDING', 'APPROVED']);
  });

  it('is rejected for variables side by side, and for the same text as another one', async () => {
    const here = await world();

    await create(here, { name: 'beside', components: [body('Hello dear {{1}} {{2}}, good to see you.', 'A', 'B')] });
    await createApproved(here);
    await createApproved(here, { name: 'twin' });

    expect(here.told('message_template_status_update').map(({ event }) => event)).toEqual([
      'REJECTED',
      'APPROVED',
      'REJECTED',
    ]);
  });

  it('for authentication gets its text and its link from Meta', async () => {
    const here = await world();

    const id = await createApproved(here, {
      category: 'AUTHENTICATION',
      components: [
        { type: 'BODY', add_security_recommendation: true },
        { type: 'FOOTER', code_expiration_minutes: 10 },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
      ],
    });

    expect((await here.call('GET', `/v25.0/${id}`)).body['components']).toMatchObject([
      { type: 'BODY', text: '*{{1}}* is your verification code. For your security, do not share this code.' },
      { type: 'FOOTER', text: 'This code expires in 10 minutes.' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Copy code', url: expect.stringMatching(/\{\{1\}\}$/) }] },
    ]);
  });
});

const buttons = (...given: object[]) => ({
  components: [body('Your order is ready.'), { type: 'BUTTONS', buttons: given }],
});
const quick = (text: string) => ({ type: 'QUICK_REPLY', text });
const visit = (url: string, more: object = {}) => ({ type: 'URL', text: 'Open', url, ...more });
const parts = (...components: object[]) => ({ components });

const refusals: readonly [why: string, more: object, subcode: number | undefined, says: RegExp][] = [
  ['no name', { name: undefined }, undefined, /parameter name is required/],
  ['a name with capitals', { name: 'Order' }, 2388046, /lowercase/],
  ['an unknown language', { language: 'en-US' }, undefined, /language must be one of/],
  ['an unknown category', { category: 'SERVICE' }, undefined, /category must be one of \{AUTHENTICATION, MARKETING, UTILITY\}/],
  ['no components', { components: undefined }, undefined, /parameter components is required/],
  ['no body', parts({ type: 'FOOTER', text: 'x' }), 2388043, /BODY/],
  ['two bodies', parts(body('One.'), body('Two.')), undefined, /more than one component of type BODY/],
  ['a long body', parts(body('x'.repeat(1025))), 2388040, /1024/],
  ['a broken variable', parts(body('Hello {{1}, dear friend.')), 2388072, /\{\{1\}\}/],
  ['variables out of order', parts(body('Hello {{2}}, dear friend of ours.', 'x')), 2388072, /sequential/],
  ['a name where numbers are expected', parts(body('Hello {{who}}, dear friend.', 'x')), 2388072, /whole numbers/],
  ['a special character in a name', { parameter_format: 'named', ...parts(body('Hello {{the-name}}, dear friend.')) }, 2388072, /lowercase/],
  ['a variable at the start', parts(body('{{1}} is your good friend.', 'x')), 2388299, /start or end/],
  ['a variable before the last full stop', parts(body('Your dear friend is {{1}}.', 'x')), 2388299, /start or end/],
  ['too many variables', parts(body('Hi {{1}} and {{2}} there.', 'x', 'y')), 2388293, /too many variables/],
  ['no example', parts(body('Hello {{1}}, dear friend.')), 2388043, /example/],
  ['too few examples', parts(body('Hello {{1}}, your order {{2}} is here.', 'x')), 2388043, /example/],
  ['a named example of another name', { parameter_format: 'named', ...parts({ ...body('Hello {{who}}, dear friend.'), example: { body_text_named_params: [{ param_name: 'what', example: 'x' }] } }) }, 2388043, /example/],
  ['a long header', parts({ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(61) }, body('Hello.')), 2388040, /60/],
  ['a header with two variables', parts({ type: 'HEADER', format: 'TEXT', text: '{{1}} {{2}}' }, body('Hello.')), 2388047, /more than one/],
  ['a header with an emoji', parts({ type: 'HEADER', format: 'TEXT', text: 'Hi 🎉' }, body('Hello.')), 2388047, /emojis/],
  ['an image without a sample', parts({ type: 'HEADER', format: 'IMAGE' }, body('Hello.')), 2388043, /example/],
  ['a sample that nobody uploaded', parts({ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::x'] } }, body('Hello.')), 2388047, /uploaded/],
  ['a footer with a variable', parts(body('Hello.'), { type: 'FOOTER', text: 'By {{1}}' }), 2388073, /footer/],
  ['eleven buttons', buttons(...Array.from({ length: 11 }, (_u, index) => quick(`${index}`))), undefined, /10 buttons/],
  ['three links', buttons(...['a', 'b', 'c'].map((each) => visit(`https://example.org/${each}`))), undefined, /2 URL/],
  ['a long label', buttons(quick('x'.repeat(26))), 2388040, /25/],
  ['quick replies apart', buttons(quick('a'), visit('https://example.org'), quick('b')), undefined, /grouped together/],
  ['a variable inside a link', buttons(visit('https://example.org/{{1}}/x')), undefined, /at its end/],
  ['a link without a sample', buttons(visit('https://example.org/{{1}}')), 2388043, /example/],
  ['a short life', { message_send_ttl_seconds: 29 }, undefined, /from 30 to 43200/],
  ['a text for authentication', { category: 'AUTHENTICATION' }, undefined, /text of your own/],
  ['a carousel that is not marketing', parts(body('Hello.'), { type: 'CAROUSEL', cards: [] }), undefined, /MARKETING/],
  ['one card', { category: 'MARKETING', ...parts(body('Hello.'), { type: 'CAROUSEL', cards: [{ components: [] }] }) }, undefined, /2 to 10 cards/],
]; // prettier-ignore

describe('TP-1 the grammar of templates', () => {
  it.each(refusals)('refuses %s', async (_why, more, subcode, says) => {
    const here = await world();

    const { status, body: answer } = await here.call('POST', path, order(more));

    expect(status).toBe(400);
    expect(answer.error).toMatchObject({ code: 100, ...(subcode !== undefined && { error_subcode: subcode }) });
    expect(`${answer.error.message} ${answer.error.error_user_msg ?? ''}`).toMatch(says);
    expect(here.control.templates.list().templates).toEqual([]);
  });

  it('takes what keeps to it, with a sample that was uploaded in pieces', async () => {
    const here = await world();
    const start = await here.call('POST', '/v25.0/1234/uploads?file_name=a.png&file_length=6&file_type=image/png');
    const id = String(start.body['id']);
    const piece = (offset: number, bytes: string) =>
      here.call('POST', `/v25.0/${id}`, bytes, {
        authorization: 'OAuth token',
        file_offset: String(offset),
        'content-type': 'image/png',
      });

    expect(id).toMatch(/^upload:/);
    expect((await piece(0, 'abcd')).body).toEqual({ id, file_offset: 4 });
    expect((await piece(0, 'abcd')).body.error).toMatchObject({ code: 100, message: expect.stringContaining('4') });
    expect((await here.call('GET', `/v25.0/${id}`)).body).toEqual({ id, file_offset: 4 });
    const { body: done } = await piece(4, 'ef');
    expect(done).toEqual({ h: expect.stringMatching(/^4::/) });

    const { status } = await here.call('POST', path, {
      name: 'spring_promo',
      language: 'pt_BR',
      category: 'MARKETING',
      parameter_format: 'named',
      message_send_ttl_seconds: 43_200,
      components: [
        { type: 'HEADER', format: 'IMAGE', example: { header_handle: [done['h']] } },
        { type: 'BODY', text: 'Hello {{name}}, take {{off}} off everything today.', example: { body_text_named_params: [{ param_name: 'name', example: 'Ana' }, { param_name: 'off', example: '10%' }] } },
        { type: 'FOOTER', text: 'Example Shop' },
        { type: 'BUTTONS', buttons: [quick('Yes'), quick('No'), visit('https://example.org/{{1}}', { example: ['https://example.org/x'] }), { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550140077' }, { type: 'COPY_CODE', example: 'SPRING' }] },
      ],
    }); // prettier-ignore

    expect(status).toBe(200);
  });

  it('begins no upload for an account, nor for a type that cannot be a sample', async () => {
    const { call } = await world();
    const query = 'file_length=6&file_type=';

    expect((await call('POST', `/v25.0/${WABA}/uploads?${query}image/png`)).body.error).toMatchObject({
      error_subcode: 33,
    });
    expect((await call('POST', `/v25.0/1234/uploads?${query}text/plain`)).body.error.message).toMatch(/one of/);
  });
});

describe('the limits of templates', () => {
  it('count each language, and end with 2388019', async () => {
    const here = await world({ limits: { templates_per_waba: 2 } });

    const answers = [
      await create(here),
      await create(here, { language: 'de' }),
      await create(here, { language: 'fr' }),
    ];

    expect(answers.map(({ error }) => (error as typeof error | undefined)?.error_subcode)).toEqual([
      undefined,
      undefined,
      2388019,
    ]);
  });

  it('allow so many new ones in an hour, unless that is switched off', async () => {
    const here = await world({ limits: { template_creates_per_hour: 1 } });

    const [first, second] = [await create(here), await create(here, { name: 'second' })];
    here.control.setLimits({ template_creates: false }, WABA);
    const third = await create(here, { name: 'third' });

    expect([first['id'], third['id']]).toEqual([expect.any(String), expect.any(String)]);
    expect(second.error.code).toBe(80007);
  });

  it('refuse what is there already, and for 30 days the name of what was approved and is gone', async () => {
    const here = await world();
    await createApproved(here);

    const again = await create(here);
    await here.call('DELETE', `${path}?name=order_confirmation`);
    const soon = await create(here);
    await here.clock.advance(30 * DAY_MS);
    const late = await create(here);

    expect(again.error).toMatchObject({
      error_subcode: 2388024,
      error_user_title: 'Content in This Language Already Exists',
    });
    expect(soon.error.error_subcode).toBe(2388023);
    expect(late['status']).toBe('PENDING');
  });
});

describe('the list of templates', () => {
  it('comes newest first, page by page, and neither skips nor repeats when some come and go meanwhile', async () => {
    const { call, control, url } = await world();
    control.templates.seed({ name: 'item', count: 5 });

    const first = await call('GET', `${path}?limit=2&fields=name`);
    control.templates.seed({ name: 'newer' });
    await call('DELETE', `${path}?name=item_4`);
    const next = new URL(first.body.paging.next!);
    const second = await call('GET', next.pathname + next.search);
    const third = await call('GET', `${path}?limit=2&fields=name&after=${second.body.paging.cursors.after}`);
    const back = await call('GET', `${path}?limit=2&fields=name&before=${second.body.paging.cursors.before}`);

    expect(next.href.startsWith(`${url}${path}?`)).toBe(true);
    expect([first, second, third].map(({ body: { data } }) => data.map(({ name }) => name))).toEqual([
      ['item_5', 'item_4'],
      ['item_3', 'item_2'],
      ['item_1'],
    ]);
    expect(third.body.paging).not.toHaveProperty('next');
    expect(back.body.data.map(({ name }) => name)).toEqual(['newer', 'item_5']);
    expect(Object.keys(first.body.data[0]!)).toEqual(['name', 'id']);
  });

  it('is filtered by status, name and language, and refuses fields and cursors it does not know', async () => {
    const { call, control } = await world();
    control.templates.seed({ name: 'order', language: 'de' });
    control.templates.seed({ name: 'order', language: 'en', status: 'REJECTED' });
    control.templates.seed({ name: 'other', category: 'MARKETING' });
    const found = async (query: string) =>
      (await call('GET', `${path}?${query}`)).body.data.map(
        ({ name, language }) => `${String(name)}/${String(language)}`,
      );

    expect(await found('status=APPROVED')).toEqual(['other/en_US', 'order/de']);
    expect(await found('name=order')).toEqual(['order/en', 'order/de']);
    expect(await found('name=order&language=de')).toEqual(['order/de']);
    expect(await found('category=MARKETING')).toEqual(['other/en_US']);
    expect(await found('status=PAUSED')).toEqual([]);
    expect((await call('GET', `${path}?fields=nonsense`)).body.error.message).toMatch(/nonexisting field \(nonsense\)/);
    expect((await call('GET', `${path}?after=xyz`)).body.error.code).toBe(131059);
    expect((await call('GET', `/v25.0/${PHONE}/message_templates`)).body.error).toMatchObject({ error_subcode: 33 });
  });
});

describe('an edit', () => {
  const change = { components: [body('Hello {{1}}, the order {{2}} is on its way.', 'Ana', '4711')] };

  it('replaces the components, is told, and is reviewed again', async () => {
    const here = await world();
    const id = await createApproved(here);

    const answer = await here.call('POST', `/v25.0/${id}`, change);
    const { body: pending } = await here.call('GET', `/v25.0/${id}?fields=status,components`);
    await here.clock.advance(MINUTE_MS);

    expect(answer.body).toMatchObject({ success: true });
    expect(pending).toMatchObject({ status: 'PENDING', components: change.components });
    expect(here.told('message_template_components_update')).toMatchObject([
      { message_template_element: 'Hello {{1}}, the order {{2}} is on its way.' },
    ]);
    expect(here.told('message_template_status_update')).toHaveLength(2);
  });

  it('of an approved template is possible once in 24 hours and ten times in 30 days', async () => {
    const here = await world();
    const id = await createApproved(here);
    const edit = async (): Promise<boolean> => {
      const { status } = await here.call('POST', `/v25.0/${id}`, change);
      await here.clock.advance(MINUTE_MS);
      return status === 200;
    };

    expect([await edit(), await edit()]).toEqual([true, false]);
    const days: boolean[] = [];
    for (let day = 0; day < 10; day += 1) {
      await here.clock.advance(DAY_MS);
      days.push(await edit());
    }
    expect(days).toEqual([...Array.from({ length: 9 }, () => true), false]);
  });

  it('cannot change the category of an approved one, and is not possible in a review', async () => {
    const here = await world();
    const { id } = await create(here);

    const inReview = await here.call('POST', `/v25.0/${String(id)}`, change);
    await here.clock.advance(MINUTE_MS);
    const category = await here.call('POST', `/v25.0/${String(id)}`, { category: 'MARKETING' });

    expect(inReview.body.error.error_user_msg).toMatch(/APPROVED, REJECTED or PAUSED/);
    expect(category.body.error.error_user_msg).toMatch(/category/);
  });
});

describe('a deletion', () => {
  it('takes all languages of a name, or one by its id; a disabled one stays', async () => {
    const { call, control, told, clock } = await world();
    const [german] = control.templates.seed({ name: 'order', language: 'de' }).templates;
    control.templates.seed({ name: 'order', language: 'en' });
    control.templates.seed({ name: 'order', language: 'fr' });
    control.templates.seed({ name: 'bad', status: 'DISABLED' });

    const one = await call('DELETE', `${path}?name=order&hsm_id=${german!.id}`);
    const left = control.templates.list({ name: 'order' }).templates.length;
    await call('DELETE', `${path}?name=order`);
    const disabled = await call('DELETE', `${path}?name=bad`);
    const unknown = await call('DELETE', `${path}?name=order`);
    await clock.advance(0);

    expect([one.body, left]).toEqual([{ success: true }, 2]);
    expect(control.templates.list().templates).toMatchObject([{ name: 'bad' }]);
    expect(disabled.body.error.error_user_msg).toMatch(/disabled/);
    expect(unknown.body.error.error_subcode).toBe(2593002);
    expect(told('message_template_status_update').map(({ event }) => event)).toEqual(Array(3).fill('PENDING_DELETION'));
  });
});

describe('what becomes of a template', () => {
  it('TP-2 is told: quality pauses end by themselves after three and six hours', async () => {
    const { control, clock, told } = await world();
    control.templates.seed({ name: 'promo', category: 'MARKETING' });

    control.templates.act('promo', 'quality', { score: 'RED' });
    control.templates.act('promo', 'pause', {});
    await clock.advance(3 * 3_600_000);
    control.templates.act('promo', 'pause', { title: 'SECOND_PAUSE' });
    await clock.advance(6 * 3_600_000 - 1);
    expect(control.templates.list().templates[0]).toMatchObject({ status: 'PAUSED' });
    await clock.advance(1);
    control.templates.act('promo', 'disable', {});
    await clock.advance(0);

    expect(told('message_template_quality_update')).toMatchObject([
      { previous_quality_score: 'UNKNOWN', new_quality_score: 'RED' },
    ]);
    expect(told('message_template_status_update')).toMatchObject([
      { event: 'PAUSED', other_info: { title: 'FIRST_PAUSE' } },
      { event: 'APPROVED', other_info: { title: 'UNPAUSE' } },
      { event: 'PAUSED', other_info: { title: 'SECOND_PAUSE' } },
      { event: 'APPROVED', other_info: { title: 'UNPAUSE' } },
      { event: 'DISABLED', disable_info: { disable_date: expect.any(Number) } },
    ]);
  });

  it('a pacing pause is ended by the business, after five minutes', async () => {
    const { call, control, clock } = await world();
    const [promo] = control.templates.seed({ name: 'promo', category: 'MARKETING' }).templates;
    const unpause = async () => (await call('POST', `/v25.0/${promo!.id}/unpause`)).status;

    const before = await unpause();
    control.templates.act('promo', 'pause', { title: 'RATE_LIMITING_PAUSE' });
    const early = await unpause();
    await clock.advance(DAY_MS);
    const late = await unpause();

    expect([before, early, late]).toEqual([400, 400, 200]);
    expect(control.templates.list().templates).toMatchObject([{ status: 'APPROVED' }]);
  });

  it('TP-4 another category is announced a day before, or done at once', async () => {
    const { control, clock, told, webhook } = await world();
    control.templates.seed({ name: 'order' });
    control.templates.seed({ name: 'thanks' });

    control.templates.act('order', 'categorise', { category: 'MARKETING' });
    control.templates.act('thanks', 'categorise', { category: 'MARKETING', warn_first: false });
    await clock.advance(DAY_MS);

    const [warning, done, later] = told('template_category_update');
    expect(warning).toMatchObject({
      message_template_name: 'order',
      new_category: 'UTILITY',
      correct_category: 'MARKETING',
    });
    expect(Number(warning!['category_update_timestamp']) - webhook.received[0]!.body.entry[0]!.time!).toBe(24 * 3600);
    expect(done).toMatchObject({
      message_template_name: 'thanks',
      previous_category: 'UTILITY',
      new_category: 'MARKETING',
    });
    expect(later).toMatchObject({
      message_template_name: 'order',
      previous_category: 'UTILITY',
      new_category: 'MARKETING',
    });
  });

  it('anything can be told by name and language over HTTP, and what cannot be is refused', async () => {
    const { call, control, clock, told } = await world();
    control.templates.seed({ name: 'order', language: 'de' });
    control.templates.seed({ name: 'order', language: 'en' });
    const act = (name: string, action: string, given: object) =>
      call('POST', `/control/templates/${name}/${action}`, given);

    const done = await act('order', 'status', { language: 'en', status: 'ARCHIVED' });
    await act('order', 'limit_exceeded', { language: 'de' });
    const [unknown, impossible, invalid] = [
      await act('x', 'approve', {}),
      await act('order', 'praise', {}),
      await act('order', 'quality', { score: 'BLUE' }),
    ];
    await clock.advance(0);

    expect(done.body).toMatchObject({ language: 'en', status: 'ARCHIVED' });
    expect(told('message_template_status_update')).toMatchObject([{ event: 'ARCHIVED' }, { event: 'LIMIT_EXCEEDED' }]);
    expect([unknown.status, impossible.status, invalid.status]).toEqual([404, 404, 400]);
  });

  it('goes to the address of the app, whatever the overrides', async () => {
    const here = await world();
    const elsewhere = await world();
    await here.call('POST', `/v25.0/${WABA}/subscribed_apps`, {
      override_callback_uri: elsewhere.webhook.url,
      verify_token: 'x',
    });

    await createApproved(here);

    expect([here.webhook.received.length, elsewhere.webhook.received.length]).toEqual([1, 0]);
  });
});
