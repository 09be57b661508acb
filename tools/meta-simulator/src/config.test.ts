import { readConfig } from './config.js';

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(readConfig({})).toEqual({
      port: 0,
      host: '127.0.0.1',
      seed: 'switchboard',
      speed: 1,
      accessTokens: [],
      payloadVersion: 'v24',
      faults: {},
      limits: {},
    });
  });

  it('name numbers, the callback, tokens, faults and limits', () => {
    const config = readConfig({
      NUMBERS: '1:10:15550140077,2:10:15550140078:Second',
      WEBHOOK_URL: 'http://127.0.0.1:8080/hook',
      APP_SECRET: 'secret',
      VERIFY_TOKEN: 'token',
      ACCESS_TOKEN: 'a,b',
      LIMITS: '{"window":"off"}',
      FAULTS: '{"duplicates":0.1}',
    });

    expect(config).toMatchObject({
      numbers: [
        { phone_number_id: '1', waba_id: '10', display_phone_number: '15550140077', verified_name: 'Demo' },
        { phone_number_id: '2', waba_id: '10', display_phone_number: '15550140078', verified_name: 'Second' },
      ],
      webhook: { url: 'http://127.0.0.1:8080/hook', app_secret: 'secret', verify_token: 'token' },
      accessTokens: ['a', 'b'],
      limits: { window: 'off' },
      faults: { duplicates: 0.1 },
    });
  });

  it('are refused with all their problems at once', () => {
    const read = () => readConfig({ PORT: 'x', NUMBERS: '1', FAULTS: '{', LIMITS: '{"wind":1}' });

    expect(read).toThrow('invalid configuration');
    for (const name of ['PORT', 'NUMBERS', 'FAULTS', 'LIMITS']) expect(read).toThrow(name);
  });
});
