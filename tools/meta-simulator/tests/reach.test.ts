import { ANA, PHONE, stopAll, WABA, world } from './support/world.js';

afterEach(stopAll);

const DAY_MS = 24 * 3_600_000;
const template = (name: string) => ({ type: 'template', template: { name, language: { code: 'en' } } });
const codesOf = (statuses: { status: string; errors?: unknown }[]) =>
  statuses.filter(({ status }) => status === 'failed').map(({ errors }) => (errors as { code: number }[])[0]!.code);

describe('TX-5 the messaging limit of the portfolio', () => {
  const numbers = [
    { phone_number_id: PHONE, waba_id: WABA, display_phone_number: '15550140077' },
    { phone_number_id: '22', waba_id: '2', display_phone_number: '15550140078' },
  ];

  it('counts people outside the window over all numbers in moving 24 hours; what is beyond fails', async () => {
    const { control, clock, send, statuses } = await world({ numbers, limits: { pair: false } });
    control.setMessagingLimit({ people: 2 });
    control.write('4915110000009', { text: 'hello' });

    const first = await send({ to: '4915110000001', ...template('order') });
    await clock.advance(DAY_MS / 2);
    await send({ to: '4915110000002', ...template('order') }, '22');
    await send({ to: '4915110000001', ...template('order') }, '22');
    await send({ to: '4915110000009', ...template('order') });
    const beyond = await send({ to: '4915110000003', ...template('order') });
    await clock.advance(10_000);
    const failed = codesOf(statuses());
    await clock.advance(DAY_MS / 2);
    const stillFull = control.messagingLimit();
    await clock.advance(DAY_MS / 2);
    await send({ to: '4915110000003', ...template('order') });
    await clock.advance(10_000);

    expect([first.status, beyond.status, failed]).toEqual([200, 200, [131048]]);
    expect(stillFull).toEqual({ people: 2, tier: 'TIER_250', reached: 2 });
    expect(codesOf(statuses())).toEqual([131048]);
  });

  it('may refuse in the answer', async () => {
    const { send } = await world({ limits: { messaging_limit: 0, messaging_limit_by: 'answer' } });

    const { status, body } = await send({ to: '4915110000001', ...template('order') });

    expect([status, body.error.code]).toEqual([400, 131048]);
  });

  it('is told to every account when it changes, and in the fields of a number', async () => {
    const { call, clock, webhook } = await world({ numbers });

    await call('PUT', '/control/messaging-limit', { tier: 'TIER_2K' });
    await clock.advance(0);

    expect(webhook.received.map(({ body }) => body.entry[0])).toMatchObject(
      [WABA, '2'].map((id) => ({
        id,
        time: expect.any(Number),
        changes: [{ field: 'business_capability_update', value: { max_daily_conversations_per_business: 2000 } }],
      })),
    );
    const field = 'whatsapp_business_manager_messaging_limit';
    expect((await call('GET', `/v25.0/${PHONE}?fields=${field}`)).body[field]).toBe('TIER_2K');
    expect((await call('PUT', '/control/messaging-limit', {})).status).toBe(400);
  });
});

describe('TX-5 an upgrade of throughput', () => {
  it('is told when it is there; until then messages are refused with 131057', async () => {
    const { call, control, clock, send, told } = await world({ limits: { window: 'off' } });
    const hello = () => send({ to: ANA, type: 'text', text: { body: 'hi' } });

    control.setThroughput(PHONE);
    const during = await hello();
    await clock.advance(60_000);
    const after = await hello();

    expect([during.body.error.code, after.status]).toEqual([131057, 200]);
    expect(told('phone_number_quality_update')).toEqual([
      {
        display_phone_number: '15550140077',
        event: 'THROUGHPUT_UPGRADE',
        current_limit: 'TIER_UNLIMITED',
        max_daily_conversations_per_business: 'TIER_UNLIMITED',
      },
    ]);
    expect((await call('GET', `/v25.0/${PHONE}`)).body['throughput']).toEqual({ level: 'HIGH' });
    expect(control.limits().numbers[PHONE]).toEqual({ throughput_per_second: 1000 });
  });

  it('a number that is also in the app has 20 a second', async () => {
    const { call, control, send } = await world({ limits: { window: 'off', pair: false } });
    control.setThroughput(PHONE, { level: 'NOT_APPLICABLE', maintenance_ms: 0 });

    for (let turn = 0; turn < 21; turn += 1) await send({ to: ANA, type: 'text', text: { body: `${turn}` } });

    expect(control.counters()).toMatchObject({ calls: 21, accepted: 20, throttled: 1, refused: { 130429: 1 } });
    expect((await call('GET', `/v25.0/${PHONE}?fields=is_on_biz_app`)).body['is_on_biz_app']).toBe(true);
  });
});

describe('marketing', () => {
  it('TX-7 is not delivered to area codes of the United States, and is to those of Canada and the Caribbean', async () => {
    const { clock, send, statuses } = await world();

    for (const to of [ANA, '14165550143', '18765550143', '17875550143']) await send({ to, ...template('promo') });
    await clock.advance(10_000);

    expect(codesOf(statuses())).toEqual([131049]);
    expect(statuses().find(({ status }) => status === 'failed')).toMatchObject({ recipient_id: ANA });
  });

  it('fails with 131050 after a person has stopped it, until it is resumed; other templates go', async () => {
    const { call, control, clock, send, statuses, told } = await world({ limits: { pair: false } });
    const maria = '5511999990000';
    control.write(maria, { text: 'oi' });

    await call('POST', `/control/customers/${maria}/marketing`, { value: 'stop' });
    await send({ to: maria, ...template('promo') });
    await send({ to: maria, ...template('order') });
    await clock.advance(10_000);
    const stopped = codesOf(statuses());
    control.prefer(maria, { value: 'resume' });
    await send({ to: maria, ...template('promo') });
    await clock.advance(10_000);

    expect(stopped).toEqual([131050]);
    expect(codesOf(statuses())).toEqual([131050]);
    expect(told('user_preferences')).toMatchObject([
      {
        messaging_product: 'whatsapp',
        metadata: { phone_number_id: PHONE },
        contacts: [{ wa_id: maria }],
        user_preferences: [
          {
            wa_id: maria,
            user_id: expect.stringMatching(/^BR\./),
            detail: 'User requested to stop marketing messages',
            category: 'marketing_messages',
            value: 'stop',
            timestamp: expect.any(Number),
          },
        ],
      },
      { user_preferences: [{ value: 'resume' }] },
    ]);
  });

  it('beyond what a person gets in a day fails with 131049, unless the window is open', async () => {
    const { control, clock, send, statuses } = await world({ limits: { pair: false, marketing_per_day: 1 } });
    const maria = '5511999990000';

    await send({ to: maria, ...template('promo') });
    await send({ to: maria, ...template('promo') });
    await clock.advance(10_000);
    const closed = codesOf(statuses());
    control.write(maria, { text: 'oi' });
    await send({ to: maria, ...template('promo') });
    await clock.advance(10_000);

    expect(closed).toEqual([131049]);
    expect(codesOf(statuses())).toEqual([131049]);
  });
});

it('counts what happened at a number, with the doubles by callback data', async () => {
  const { call, control, text } = await world();
  control.write(ANA, { text: 'hello', count: 2 });

  for (const tag of ['a', 'b', 'a']) await text('hi', { biz_opaque_callback_data: tag });
  await text('');

  expect((await call('GET', `/control/numbers/${PHONE}/counters`)).body).toEqual({
    calls: 3,
    accepted: 3,
    inbound: 2,
    refused: { 131009: 1 },
    throttled: 0,
    doubles: 1,
  });
});
