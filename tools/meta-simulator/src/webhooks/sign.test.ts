import { signatureOf, toBytes } from './sign.js';

describe('the signature', () => {
  it('is the one Meta gives for the same bytes and secret', () => {
    const bytes = toBytes({ object: 'whatsapp_business_account', entry: [] });

    expect(signatureOf(bytes, 'test_app_secret')).toBe(
      'sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756',
    );
  });

  it('is over a body that writes what is not ASCII as \\u and four lower-case digits', () => {
    expect(toBytes({ text: 'É 👍 \u2028' }).toString('latin1')).toBe('{"text":"\\u00c9 \\ud83d\\udc4d \\u2028"}');
  });
});
