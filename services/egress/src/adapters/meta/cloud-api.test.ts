import { type MetaCall } from '../../use-cases/ports.js';
import { toBody } from './cloud-api.js';

const call: MetaCall = {
  number: '555',
  token: 't',
  recipient: { phone: '12025550188', userId: 'US.1' },
  text: 'hello https://example.com',
  previewUrl: true,
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
});
