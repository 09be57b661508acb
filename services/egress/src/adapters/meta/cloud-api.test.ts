import { type MetaCall } from '../../use-cases/ports.js';
import { toBody } from './cloud-api.js';

const call: MetaCall = {
  number: '555',
  token: 't',
  recipient: { phone: '12025550188', userId: 'US.1' },
  content: { kind: 'text', text: 'hello', previewUrl: false },
  replyTo: '',
  callbackData: '555.1.c:7:1',
};
const rest = {
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  type: 'text',
  text: { body: 'hello', preview_url: false },
  biz_opaque_callback_data: '555.1.c:7:1',
};

/** What each kind says is in `tests/contents.test.ts`. */
describe('TX-5 a call to Meta', () => {
  it('goes to a phone where one is known, with our id of the attempt', () => {
    expect(toBody(call)).toEqual({ ...rest, to: '+12025550188' });
  });

  it.each([
    [{ userId: 'US.1', parentUserId: 'US.ENT.2' }, 'US.1'],
    [{ parentUserId: 'US.ENT.2' }, 'US.ENT.2'],
  ])('goes to the user id in `recipient` where no phone is known: %j', (recipient, id) => {
    expect(toBody({ ...call, recipient })).toEqual({ ...rest, recipient: id });
  });

  it('quotes the message it answers', () => {
    expect(toBody({ ...call, replyTo: 'wamid.in' })).toEqual({
      ...rest,
      to: '+12025550188',
      context: { message_id: 'wamid.in' },
    });
  });
});
