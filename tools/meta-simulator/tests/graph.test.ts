import { ANA, PHONE, receiver, stopAll, world } from './support/world.js';

afterEach(stopAll);

const WABA = '215589313241560';

describe('a number', () => {
  it('tells the usual fields, or those that are asked for', async () => {
    const { call } = await world();

    const usual = await call('GET', `/v25.0/${PHONE}`);
    const chosen = await call('GET', `/v25.0/${PHONE}?fields=status,health_status{can_send_message}`);
    const wrong = await call('GET', `/v25.0/${PHONE}?fields=colour`);

    expect(usual.body).toMatchObject({ id: PHONE, display_phone_number: '15550140077', quality_rating: 'GREEN' });
    expect(Object.keys(chosen.body)).toEqual(['status', 'health_status', 'id']);
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 100]);
  });

  it('is listed under its account, page by page', async () => {
    const numbers = Array.from({ length: 5 }, (_, index) => ({
      phone_number_id: `10${index}`,
      waba_id: WABA,
      display_phone_number: `1555014000${index}`,
    }));
    const { call } = await world({ numbers });

    const seen: unknown[] = [];
    let after: string | undefined = '';
    while (after !== undefined) {
      const page: Awaited<ReturnType<typeof call>> = await call(
        'GET',
        `/v25.0/${WABA}/phone_numbers?limit=2${after && `&after=${after}`}`,
      );
      seen.push(page.body.data.map(({ id }) => id));
      after = page.body.paging.next === undefined ? undefined : page.body.paging.cursors.after;
    }

    expect(seen).toEqual([['100', '101'], ['102', '103'], ['104']]);
    expect((await call('GET', `/v25.0/${WABA}/phone_numbers?after=x`)).body.error.code).toBe(131059);
    expect((await call('GET', '/v25.0/1/phone_numbers')).status).toBe(400);
  });
});

describe('subscriptions', () => {
  it('decide whether webhooks come, and where to', async () => {
    const { call, control, clock, webhook } = await world();
    const elsewhere = await receiver();
    const path = `/v25.0/${WABA}/subscribed_apps`;
    const write = async () => {
      control.write(ANA, { text: 'hello' });
      await clock.advance(0);
      return [webhook.received.length, elsewhere.received.length];
    };

    await call('DELETE', path);
    expect(await write()).toEqual([0, 0]);
    await call('POST', path, { override_callback_uri: elsewhere.url, verify_token: 'x' });
    expect(await write()).toEqual([0, 1]);
    const { body } = await call('GET', path);
    await call('POST', path);
    expect(await write()).toEqual([1, 1]);
    await call('POST', `/v25.0/${PHONE}`, {
      webhook_configuration: { override_callback_uri: elsewhere.url, verify_token: 'x' },
    });
    expect(await write()).toEqual([1, 2]);

    expect(body.data).toMatchObject([{ override_callback_uri: elsewhere.url }]);
    await elsewhere.stop();
  });

  it('refuse an address that does not give the challenge back', async () => {
    const { call, webhook } = await world();
    webhook.behaviour.verifies = false;

    const { status } = await call('POST', `/v25.0/${WABA}/subscribed_apps`, { override_callback_uri: webhook.url });

    expect(status).toBe(400);
  });
});

describe('media', () => {
  it('are uploaded as a form, described, fetched and removed', async () => {
    const { url, call } = await world();
    const form = new FormData();
    form.append('messaging_product', 'whatsapp');
    form.append('type', 'text/plain');
    form.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');

    const headers = { authorization: 'Bearer token' };
    const uploaded = await fetch(`${url}/v25.0/${PHONE}/media`, { method: 'POST', headers, body: form });
    const { id } = (await uploaded.json()) as { id: string };
    const described = await call('GET', `/v25.0/${id}`);
    const content = await fetch(String(described.body['url']), { headers });
    const removed = await call('DELETE', `/v25.0/${id}`);

    expect(described.body).toMatchObject({
      id,
      mime_type: 'text/plain',
      file_size: '7',
      messaging_product: 'whatsapp',
    });
    expect(await content.text()).toBe('content');
    expect(removed.body).toEqual({ success: true });
    expect((await call('GET', `/v25.0/${id}`)).status).toBe(400);
  });
});
