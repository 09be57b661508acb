import { ANA, isSigned, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

describe('customers', () => {
  it('react, edit and take back', async () => {
    const { control, clock, values } = await world();
    const { messages } = control.write(ANA, { text: 'hello' });
    const message_id = messages[0]!.id;

    control.react(ANA, { message_id, emoji: '👍' });
    control.react(ANA, { message_id });
    control.edit(ANA, { message_id, text: 'hallo' });
    control.revoke(ANA, { message_id });
    await clock.advance(0);

    expect(
      values()
        .slice(1)
        .map((value) => value.messages![0]),
    ).toMatchObject([
      { type: 'reaction', reaction: { message_id, emoji: '👍' } },
      { type: 'reaction', reaction: { message_id } },
      { type: 'edit', edit: { original_message_id: message_id, message: { type: 'text', text: { body: 'hallo' } } } },
      { type: 'revoke', revoke: { original_message_id: message_id } },
    ]);
    expect(values()[2]!.messages![0]!['reaction']).not.toHaveProperty('emoji');
  });

  it('change their phone: a system message without contacts, and a new user id that keeps the chat', async () => {
    const { control, clock, values, text, send } = await world();
    control.write(ANA, { text: 'hello' });
    const before = control.customers().customers[0]!['user_id'];

    const { customer } = control.changeNumber(ANA, { wa_id: '4915112345678' });
    await clock.advance(0);
    const answer = await send({ to: '4915112345678', text: { body: 'hi' } });
    const toTheOldPhone = await text('hi');

    expect(values()[1]).not.toHaveProperty('contacts');
    expect(values()[1]!.messages![0]).toMatchObject({
      from: ANA,
      type: 'system',
      system: {
        type: 'user_changed_number',
        wa_id: '4915112345678',
        user_id: customer['user_id'],
        previous_user_id: before,
      },
    });
    expect(customer['user_id']).toMatch(/^DE\.\d{20}$/);
    expect(answer.status).toBe(200);
    expect(toTheOldPhone.status).toBe(200);
    await clock.advance(10_000);
    expect(control.messages().messages.at(-1)!.statuses).toMatchObject([{ status: 'failed', code: 131026 }]);
  });

  it('change their user id only, when the new phone may not be shown', async () => {
    const { control, clock, values } = await world();
    control.write(ANA, { text: 'hello' });

    control.changeNumber(ANA, {});
    await clock.advance(0);

    const message = values()[1]!.messages![0]!;
    expect(message).toMatchObject({ type: 'system', system: { type: 'user_changed_user_id' } });
    expect(message).not.toHaveProperty('from');
    expect(message['system']).not.toHaveProperty('wa_id');
  });

  it('say anything: the content of any message, with an id of one’s own', async () => {
    const { control, clock, values } = await world();
    const message = { id: 'wamid.mine', type: 'location', location: { latitude: 1, longitude: 2 } };

    control.write(ANA, { message, reply_to: 'wamid.quoted' });
    await clock.advance(0);

    expect(values()[0]!.messages![0]).toMatchObject({
      ...message,
      context: { from: '15550140077', id: 'wamid.quoted' },
    });
  });

  it('send media that can be fetched with the token for five minutes', async () => {
    const { call, clock, control, values } = await world();
    const data = Buffer.from('picture').toString('base64');
    control.write(ANA, { message: { type: 'image', image: { data, mime_type: 'image/png', caption: 'look' } } });
    await clock.advance(0);

    const image = values()[0]!.messages![0]!['image'] as Record<string, string>;
    expect(image).toEqual({
      mime_type: 'image/png',
      sha256: expect.any(String),
      id: expect.any(String),
      url: expect.any(String),
      caption: 'look',
    });
    const { body } = await call('GET', `/v24.0/${image['id']}`);
    const headers = { authorization: 'Bearer token' };
    const content = await fetch(String(body['url']), { headers });
    expect(await content.text()).toBe('picture');
    expect(content.headers.get('content-type')).toBe('image/png');
    expect((await fetch(String(body['url']))).status).toBe(401);
    await clock.advance(301_000);
    expect((await fetch(String(body['url']), { headers })).status).toBe(404);
  });
});

describe('what businesses sent', () => {
  it('is listed with the attempts of each callback data, and with what was sent twice', async () => {
    const { url, control, text } = await world();
    control.write(ANA, { text: 'hello' });
    for (const tag of ['a', 'b', 'a']) await text('hi', { biz_opaque_callback_data: tag });

    const listed = (await (await fetch(`${url}/control/messages`)).json()) as ReturnType<typeof control.messages>;

    expect(listed.messages).toHaveLength(3);
    expect(listed.messages[0]).toMatchObject({
      phone_number_id: PHONE,
      direction: 'out',
      type: 'text',
      content: { to: ANA, text: { body: 'hi' } },
      customer: { wa_id: ANA },
      answer: 'answered',
    });
    const [first, , third] = listed.messages;
    expect(Object.keys(listed.attempts)).toEqual(['a', 'b']);
    expect(listed.duplicates).toEqual([{ biz_opaque_callback_data: 'a', ids: [first!.id, third!.id] }]);
  });
});

describe('the control API over HTTP', () => {
  it('does what the functions do', async () => {
    const { url, clock, webhook, values } = await world();
    const post = async (path: string, body: unknown, method = 'POST') => {
      const response = await fetch(`${url}/control${path}`, { method, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };

    const written = await post(`/customers/${ANA}/messages`, { text: 'hello', name: 'Ana' });
    await clock.advance(0);
    const faults = await post('/faults/7', { read: 0 }, 'PUT');
    const limits = await post('/limits', { pair: false }, 'PUT');
    const wrong = await post('/faults', { raed: 0 }, 'PUT');
    const lost = await post('/nowhere', {});
    const nobody = await post('/customers/nobody/number', {});

    expect(written).toEqual({ status: 200, body: { messages: [{ id: expect.any(String) }] } });
    expect(values()[0]!.contacts).toMatchObject([{ profile: { name: 'Ana' } }]);
    expect(webhook.received).toHaveLength(1);
    expect(faults.body).toMatchObject({ numbers: { 7: { read: 0 } } });
    expect(limits.body).toMatchObject({ everywhere: { pair: false } });
    expect(wrong).toMatchObject({ status: 400, body: { error: expect.stringContaining('raed') } });
    expect(lost.status).toBe(404);
    expect(nobody).toEqual({ status: 404, body: { error: 'there is no customer nobody' } });
  });

  it('posts a body byte by byte as it is given, several times, or with a wrong signature', async () => {
    const { url, webhook } = await world();
    const body = ' { "object" : "whatsapp_business_account", "entry": [] }\n';

    const answer = await fetch(`${url}/control/webhooks?times=3`, { method: 'POST', body });
    await fetch(`${url}/control/webhooks?signature=sha256=00`, { method: 'POST', body });

    expect(await answer.json()).toEqual({ answers: [1, 2, 3].map(() => ({ http: 200, body: '' })) });
    expect(webhook.received.map(({ raw }) => raw.toString())).toEqual([body, body, body, body]);
    expect(webhook.received.map(isSigned)).toEqual([true, true, true, false]);
  });

  it('tells statuses and updates by hand, and starts anew', async () => {
    const { control, clock, text, statuses, values } = await world({ limits: { window: 'off' } });
    const { body } = await text('hi');

    control.tellStatus({ message_id: body.messages[0]!.id, status: 'failed', code: 131049 });
    control.tellUpdate({ field: 'user_preferences', list: 'user_preferences', item: { value: 'stop' } });
    await clock.advance(0);
    const { messages } = control.reset();
    await clock.advance(10_000);

    expect(statuses()).toMatchObject([{ status: 'failed', errors: [{ code: 131049 }] }]);
    expect(values()[1]).toMatchObject({ user_preferences: [{ value: 'stop' }] });
    expect(messages).toBe(0);
    expect(control.chats()).toEqual({ chats: [] });
  });

  it('serves the page', async () => {
    const { url } = await world();

    const page = await fetch(url);

    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(await page.text()).toContain('<title>Meta simulator</title>');
  });
});
