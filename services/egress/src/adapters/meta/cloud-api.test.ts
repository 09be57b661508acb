import { type MetaCall } from '../../use-cases/ports.js';
import { toBody } from './cloud-api.js';

const call: MetaCall = {
  number: '555',
  token: 't',
  recipient: { phone: '12025550188', userId: 'US.1' },
  content: { kind: 'text', text: 'hello https://example.com', previewUrl: true },
  replyTo: '',
  callbackData: '555.1.c:7:1',
};

describe('a call to Meta', () => {
  it('goes to a phone where one is known, with our id of the attempt', () => {
    expect(toBody(call)).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+12025550188',
      type: 'text',
      text: { body: 'hello https://example.com', preview_url: true },
      biz_opaque_callback_data: '555.1.c:7:1',
    });
  });

  it('goes to the user id in `recipient` where no phone is known', () => {
    const body = toBody({ ...call, recipient: { userId: 'US.1', parentUserId: 'US.ENT.2' } });

    expect(body).toMatchObject({ recipient: 'US.1' });
    expect(body).not.toHaveProperty('to');
  });

  it('quotes the message it answers', () => {
    expect(toBody({ ...call, replyTo: 'wamid.in' })).toMatchObject({ context: { message_id: 'wamid.in' } });
  });

  it('TX-6 carries a template with its parameters, by name or by place', () => {
    const content: MetaCall['content'] = {
      kind: 'template',
      name: 'order_ready',
      language: 'en_US',
      components: [
        part('header', [{ name: '', kind: 'image', value: '123' }]),
        part('body', [
          { name: 'customer', kind: 'text', value: 'Ana' },
          { name: '', kind: 'text', value: '7' },
        ]),
        { ...part('button', [{ name: '', kind: 'payload', value: 'yes' }]), buttonKind: 'quick_reply' },
        { ...part('button', [{ name: '', kind: 'text', value: 'SAVE5' }]), buttonKind: 'copy_code', buttonIndex: 1 },
      ],
    };

    const body = toBody({ ...call, content });

    expect(body).toMatchObject({
      type: 'template',
      template: {
        name: 'order_ready',
        language: { code: 'en_US' },
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { id: '123' } }] },
          {
            type: 'body',
            parameters: [
              { type: 'text', parameter_name: 'customer', text: 'Ana' },
              { type: 'text', text: '7' },
            ],
          },
          { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'yes' }] },
          {
            type: 'button',
            sub_type: 'copy_code',
            index: '1',
            parameters: [{ type: 'coupon_code', coupon_code: 'SAVE5' }],
          },
        ],
      },
    });
  });

  it('CH-11 carries a list to choose from', () => {
    const choices = [{ id: 'rating:1', title: '★' }];

    const body = toBody({ ...call, content: { kind: 'list', body: 'How was it?', button: 'Rate', choices } });

    expect(body).toMatchObject({
      type: 'interactive',
      interactive: {
        type: 'list',
        body: { text: 'How was it?' },
        action: { button: 'Rate', sections: [{ rows: choices }] },
      },
    });
  });
});

const part = (
  kind: 'header' | 'body' | 'button',
  parameters: Extract<MetaCall['content'], { kind: 'template' }>['components'][number]['parameters'],
) => ({ kind, buttonKind: '', buttonIndex: 0, parameters });
