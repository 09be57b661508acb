import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

const codes = (answers: { status: number; body: { error?: { code: number } } }[]) =>
  answers.map(({ status, body }) => (body.error ? `${status}/${body.error.code}` : '200'));

describe('throughput', () => {
  it('counts messages in both directions and refuses what is too much with 130429', async () => {
    const { control, clock, text } = await world({ limits: { throughput_per_second: 4 } });

    control.write(ANA, { text: 'hello', count: 2 });
    const answers = [await text('1'), await text('2'), await text('3')];
    await clock.advance(250);
    answers.push(await text('4'));

    expect(codes(answers)).toEqual(['200', '200', '400/130429', '200']);
  });

  it('answers 429 where that is wanted', async () => {
    const { control, text } = await world({ limits: { throughput_per_second: 1, throttle_status: 429 } });

    control.write(ANA, { text: 'hello' });

    expect(codes([await text('1')])).toEqual(['429/130429']);
  });
});

describe('the pair rate', () => {
  it('allows a burst and makes its debt be paid before the next message', async () => {
    const { control, clock, text } = await world({ limits: { pair_burst: 3 } });
    control.write(ANA, { text: 'hello' });

    const burst = [await text('1'), await text('2'), await text('3'), await text('4')];
    await clock.advance(17_000);
    const early = await text('5');
    await clock.advance(1000);
    const paid = await text('6');

    expect(codes([...burst, early, paid])).toEqual(['200', '200', '200', '400/131056', '400/131056', '200']);
  });

  it('lets one message each six seconds through for ever, and is kept for each person', async () => {
    const { control, clock, text } = await world();
    control.write(ANA, { text: 'hello' });
    control.write('12025550199', { text: 'hello' });

    const answers = [];
    for (let turn = 0; turn < 10; turn += 1) {
      answers.push(await text('hi'), await text('hi', { to: '12025550199' }));
      await clock.advance(6000);
    }

    expect(new Set(codes(answers))).toEqual(new Set(['200']));
  });
});

describe('the window', () => {
  it('is open for 24 hours after the customer wrote; a template goes out after that too', async () => {
    const { control, clock, text, send } = await world();
    control.write(ANA, { text: 'hello' });
    await clock.advance(24 * 3_600_000 - 1);
    const inside = await text('1');
    await clock.advance(1);

    const outside = await text('2');
    const template = await send({ to: ANA, type: 'template', template: { name: 'order', language: { code: 'en' } } });

    expect(codes([inside, outside, template])).toEqual(['200', '400/131047', '200']);
    expect(template.body.messages).toEqual([{ id: expect.any(String), message_status: 'accepted' }]);
  });

  it('may fail later in a status, and may be switched off', async () => {
    const { control, clock, text, statuses, values } = await world({ limits: { window: 'webhook' } });

    const later = await text('1', { biz_opaque_callback_data: 'x' });
    await clock.advance(5000);
    control.setLimits({ window: 'off' }, PHONE);
    const off = await text('2');

    expect(codes([later, off])).toEqual(['200', '200']);
    expect(statuses()).toMatchObject([{ status: 'failed', errors: [{ code: 131047 }], biz_opaque_callback_data: 'x' }]);
    expect(values()[0]).not.toHaveProperty('contacts');
    expect(statuses()[0]).not.toHaveProperty('recipient_user_id');
  });
});

describe('the price', () => {
  it('is nothing for the first service messages of a month and something after them', async () => {
    const { control, clock, text, statuses } = await world({ limits: { free_service_messages: 1 } });
    control.write(ANA, { text: 'hello' });

    await text('1');
    await clock.advance(5000);
    await text('2');
    await clock.advance(5000);

    const sent = statuses().filter(({ status }) => status === 'sent');
    expect(sent.map((status) => status['pricing'])).toEqual([
      { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
      { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' },
    ]);
  });

  it('is nothing in the 72 hours after the answer to a click on an ad, and only then a conversation is told', async () => {
    const { control, clock, text, statuses } = await world();
    control.write(ANA, { message: { type: 'text', text: { body: 'hi' }, referral: { source_type: 'ad' } } });

    await text('1');
    await clock.advance(5000);

    expect(statuses()[0]).toMatchObject({
      conversation: {
        id: expect.any(String),
        expiration_timestamp: expect.any(String),
        origin: { type: 'referral_conversion' },
      },
      pricing: { billable: false, type: 'free_entry_point', category: 'referral_conversion' },
    });
    expect(statuses()[1]!['conversation']).not.toHaveProperty('expiration_timestamp');
  });

  it('comes with a conversation for every message in payloads of v23', async () => {
    const { control, clock, text, statuses } = await world({ payloadVersion: 'v23' });
    control.write(ANA, { text: 'hi' });

    await text('1');
    await clock.advance(5000);

    expect(statuses()[0]).toMatchObject({ conversation: { origin: { type: 'service' } } });
  });

  it('is never asked for marketing in the United States, which fails', async () => {
    const { clock, send, statuses } = await world();

    await send({ to: ANA, type: 'template', template: { name: 'promo', language: { code: 'en' } } });
    await clock.advance(5000);

    expect(statuses()).toMatchObject([{ status: 'failed', errors: [{ code: 131049 }] }]);
  });
});

describe('management calls', () => {
  it('are counted for the account and refused with 80007', async () => {
    const { call } = await world({ limits: { management_per_hour: 1 } });

    const answers = [await call('GET', `/v24.0/${PHONE}`), await call('GET', `/v24.0/${PHONE}`)];

    expect(codes(answers)).toEqual(['200', '400/80007']);
    expect(answers[1]!.body.error).toMatchObject({ is_transient: true });
  });
});
