import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

describe('webhooks that are not answered with 200', () => {
  it('come again at once and then with growing gaps, with the same bytes, until they are', async () => {
    const { control, clock, webhook } = await world({ retryGapsMs: [0, 1000, 5000] });
    webhook.behaviour.status = 503;

    control.write(ANA, { text: 'hello' });
    await clock.advance(0);
    expect(webhook.received).toHaveLength(2);
    await clock.advance(1000);
    expect(webhook.received).toHaveLength(3);
    webhook.behaviour.status = 200;
    await clock.advance(60_000);

    expect(webhook.received).toHaveLength(4);
    expect(new Set(webhook.received.map(({ raw }) => raw.toString())).size).toBe(1);
    expect(control.webhooks()).toMatchObject({
      waiting: 0,
      posts: [{ state: 'delivered', attempts: [{ http: 503 }, { http: 503 }, { http: 503 }, { http: 200 }] }],
    });
  });

  it('are given up after seven days, and an answer of 202 is no success', async () => {
    const { control, clock, webhook } = await world({ retryGapsMs: [0, 24 * 3_600_000] });
    webhook.behaviour.status = 202;

    control.write(ANA, { text: 'hello' });
    await clock.advance(9 * 24 * 3_600_000);

    expect(control.webhooks()).toMatchObject({ waiting: 0, posts: [{ state: 'dropped' }] });
    expect(webhook.received).toHaveLength(10);
  });

  it('have failed when the receiver does not answer in time', async () => {
    const { control, clock, webhook } = await world({ webhookTimeoutMs: 50, retryGapsMs: [0, 1000] });
    webhook.behaviour.hangs = true;

    control.write(ANA, { text: 'hello' });
    await clock.advance(0);
    webhook.behaviour.hangs = false;
    await clock.advance(1000);

    expect(webhook.received.length).toBeGreaterThanOrEqual(2);
    expect(control.webhooks()).toMatchObject({ waiting: 0 });
  });
});

describe('the callback address', () => {
  it('is verified before anything is posted, again and again until it is up', async () => {
    const { control, clock, webhook } = await world();
    webhook.behaviour.verifies = false;
    await control.setWebhook({ url: webhook.url, verify_token: 'new-token' });

    control.write(ANA, { text: 'hello' });
    await clock.advance(3000);
    expect(webhook.received).toHaveLength(0);
    webhook.behaviour.verifies = true;
    await clock.advance(3000);

    expect(webhook.received).toHaveLength(1);
    expect(Object.fromEntries(webhook.verifications.at(-1)!)).toEqual({
      'hub.mode': 'subscribe',
      'hub.challenge': expect.stringMatching(/^\d{10}$/),
      'hub.verify_token': 'new-token',
    });
  });
});

describe('faults', () => {
  it('post everything twice with the same bytes', async () => {
    const { control, clock, webhook } = await world({ faults: { duplicates: 1 } });

    control.write(ANA, { text: 'hello' });
    await clock.advance(10_000);

    expect(webhook.received).toHaveLength(2);
    expect(webhook.received[0]!.raw.equals(webhook.received[1]!.raw)).toBe(true);
  });

  it('hold updates back so that others overtake them', async () => {
    const { control, clock, values } = await world({ faults: { reorder: 1, reorder_ms: 1000 } });

    control.write(ANA, { text: 'n', count: 10 });
    await clock.advance(1000);

    const order = values().map(({ messages }) => (messages![0]!['text'] as { body: string }).body);
    expect([...order].sort()).toEqual(Array.from({ length: 10 }, (_, index) => `n ${index + 1}`).sort());
    expect(order).not.toEqual(Array.from({ length: 10 }, (_, index) => `n ${index + 1}`));
  });

  it('accept and never answer: the connection is cut, the statuses come', async () => {
    const { control, clock, text, statuses } = await world({ faults: { timeouts: 1, timeout_mode: 'cut' } });
    control.write(ANA, { text: 'hello' });

    await expect(text('hi', { biz_opaque_callback_data: 'lost' })).rejects.toThrow('fetch failed');
    await clock.advance(10_000);

    expect(statuses().map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
    expect(control.messages()).toMatchObject({
      messages: [{ answer: 'cut', biz_opaque_callback_data: 'lost' }],
      attempts: { lost: [statuses()[0]!.id] },
    });
  });

  it('accept and never answer: the connection hangs until the caller goes', async () => {
    const { url, control, clock, statuses } = await world({ faults: { timeouts: 1 } });
    control.write(ANA, { text: 'hello' });

    const call = fetch(`${url}/v24.0/${PHONE}/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer token' },
      body: JSON.stringify({ messaging_product: 'whatsapp', to: ANA, text: { body: 'hi' } }),
      signal: AbortSignal.timeout(300),
    });

    await expect(call).rejects.toThrow('timeout');
    await clock.advance(10_000);
    expect(statuses()).toHaveLength(3);
  });

  it('throttle and break as often as they are told, by the seed', async () => {
    const { control, text } = await world({
      faults: { too_many_requests: 0.3, server_errors: 0.3 },
      limits: { pair: false, throughput: false },
    });
    control.write(ANA, { text: 'hello' });

    const counts: Record<string, number> = {};
    for (let turn = 0; turn < 150; turn += 1) {
      const { status, body } = await text('hi');
      const kind = status === 200 ? '200' : `${status}/${body.error.code}`;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }

    expect(Object.keys(counts).sort()).toEqual(['200', '400/130429', '500/131000', '500/131016', '503/2']);
    expect(counts['400/130429']).toBeGreaterThan(25);
    expect(counts['400/130429']).toBeLessThan(65);
  });

  it('swallow statuses, and say so', async () => {
    const { control, clock, text, statuses } = await world({ faults: { drop_statuses: 1 } });
    control.write(ANA, { text: 'hello' });

    await text('hi');
    await clock.advance(10_000);

    expect(statuses()).toEqual([]);
    expect(control.messages().messages[0]!.statuses.map(({ status, dropped }) => [status, dropped])).toEqual([
      ['sent', true],
      ['delivered', true],
      ['read', true],
    ]);
  });

  it('strike one number only, and end', async () => {
    const other = { phone_number_id: '22', waba_id: '2', display_phone_number: '15550140078' };
    const numbers = [{ phone_number_id: PHONE, waba_id: '1', display_phone_number: '15550140077' }, other];
    const { control, send } = await world({ numbers, limits: { window: 'off' } });
    const text = { to: ANA, text: { body: 'hi' } };

    control.setFaults({ outage: true }, '22');
    const during = [await send(text), await send(text, '22')];
    control.clearFaults('22');
    const after = await send(text, '22');

    expect([...during, after].map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(during[1]!.body.error).toMatchObject({ code: 2, is_transient: true });
  });

  it('let the next calls fail with any code, in the answer or later', async () => {
    const { control, clock, text, statuses } = await world({ limits: { window: 'off' } });

    control.orderFailure({ code: 131000, times: 2, to: ANA });
    control.orderFailure({ code: 131026, by: 'webhook' });
    const answers = [await text('1'), await text('2'), await text('3'), await text('4')];
    await clock.advance(10_000);

    expect(answers.map(({ status }) => status)).toEqual([500, 500, 200, 200]);
    expect(statuses().map(({ status }) => status)).toEqual(expect.arrayContaining(['failed', 'read']));
    expect(statuses()).toHaveLength(4);
  });
});

describe('batches', () => {
  it('gather updates of several accounts and numbers in one post', async () => {
    const numbers = ['1', '2', '3'].map((id) => ({
      phone_number_id: `10${id}`,
      waba_id: id === '3' ? 'B' : 'A',
      display_phone_number: `1555014007${id}`,
    }));
    const { control, clock, webhook } = await world({ numbers, faults: { batch_max: 100, batch_ms: 50 } });

    for (const { phone_number_id } of numbers) control.write(ANA, { text: 'hi', count: 2, phone_number_id });
    await clock.advance(50);

    expect(webhook.received).toHaveLength(1);
    const shape = webhook.received[0]!.body.entry.map(({ id, changes }) => [
      id,
      changes.map(({ value }) => [value['metadata'], value.contacts?.length, value.messages?.length]),
    ]);
    expect(shape).toEqual([
      [
        'A',
        [
          [{ display_phone_number: '15550140071', phone_number_id: '101' }, 1, 2],
          [{ display_phone_number: '15550140072', phone_number_id: '102' }, 1, 2],
        ],
      ],
      ['B', [[{ display_phone_number: '15550140073', phone_number_id: '103' }, 1, 2]]],
    ]);
  });

  it('are posted as soon as they are full', async () => {
    const { control, clock, webhook } = await world({ faults: { batch_max: 2, batch_ms: 60_000 } });

    control.write(ANA, { text: 'hi', count: 5 });
    await clock.advance(0);

    expect(webhook.received).toHaveLength(2);
  });
});
