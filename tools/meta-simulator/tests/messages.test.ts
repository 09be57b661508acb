import { ANA, isSigned, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

describe('when a customer writes', () => {
  it('tells the receiver in the shape of a webhook, signed over the raw bytes', async () => {
    const { control, clock, webhook } = await world();

    control.putCustomer({ wa_id: ANA, name: 'Ana Pereira', user_id: 'US.48213096651720934475' });
    const { messages } = control.write(ANA, { text: 'Olá 👋' });
    await clock.advance(0);

    expect(webhook.received).toHaveLength(1);
    expect(isSigned(webhook.received[0]!)).toBe(true);
    expect(webhook.received[0]!.raw.toString()).toContain('Ol\\u00e1 \\ud83d\\udc4b');
    expect(webhook.received[0]!.body).toEqual({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '215589313241560',
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550140077', phone_number_id: PHONE },
                contacts: [{ profile: { name: 'Ana Pereira' }, wa_id: ANA, user_id: 'US.48213096651720934475' }],
                messages: [
                  {
                    from: ANA,
                    from_user_id: 'US.48213096651720934475',
                    id: messages[0]!.id,
                    timestamp: String(clock.now() / 1000),
                    type: 'text',
                    text: { body: 'Olá 👋' },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
  });

  it('leaves the phone out for somebody who hides it, and has the user id always', async () => {
    const { control, clock, values } = await world();

    control.putCustomer({ wa_id: ANA, name: 'Leo M.', username: 'leo.m', hides_phone: true });
    control.write(ANA, { text: 'hello' });
    await clock.advance(0);

    const value = values()[0]!;
    expect(value.contacts).toEqual([
      { profile: { name: 'Leo M.', username: 'leo.m' }, user_id: expect.stringMatching(/^US\.\d{20}$/) },
    ]);
    expect(Object.keys(value.messages![0]!)).toEqual(['from_user_id', 'type', 'text', 'id', 'timestamp']);
  });
});

describe('when a business answers', () => {
  it('accepts, then tells sent, delivered and read with the callback data and the price', async () => {
    const { control, clock, text, statuses, values } = await world();
    control.write(ANA, { text: 'hello' });

    const { status, body } = await text('hi', { biz_opaque_callback_data: 'msg-1' });
    await clock.advance(10_000);

    expect(status).toBe(200);
    const id = expect.stringMatching(/^wamid\.[A-Za-z0-9+/=]+$/) as string;
    expect(body).toEqual({ messaging_product: 'whatsapp', contacts: [{ input: ANA, wa_id: ANA }], messages: [{ id }] });
    const common = {
      id: body.messages[0]!.id,
      recipient_id: ANA,
      recipient_user_id: expect.stringMatching(/^US\./),
      biz_opaque_callback_data: 'msg-1',
      timestamp: expect.stringMatching(/^\d{10}$/),
    };
    const pricing = { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' };
    expect(statuses()).toEqual([
      { ...common, status: 'sent', pricing },
      { ...common, status: 'delivered', pricing },
      { ...common, status: 'read' },
    ]);
    expect(values().slice(1)).toMatchObject([1, 2, 3].map(() => ({ contacts: [{ wa_id: ANA }] })));
  });

  it('answers with the user id when the message was addressed to one', async () => {
    const { control, clock, send, statuses } = await world();
    control.putCustomer({ user_id: 'US.90317755120843266190', name: 'Leo' });
    control.write('US.90317755120843266190', { text: 'hello' });

    const { body } = await send({ recipient: 'US.90317755120843266190', type: 'text', text: { body: 'hi' } });
    await clock.advance(10_000);

    expect(body.contacts).toEqual([{ input: 'US.90317755120843266190', user_id: 'US.90317755120843266190' }]);
    expect(statuses()).toHaveLength(3);
    expect(statuses().some((status) => 'recipient_id' in status)).toBe(false);
  });
});
