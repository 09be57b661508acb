import { readConfig } from '../src/config.js';

const complete = {
  KAFKA_BROKERS: 'a:9092',
  META_APP_SECRETS: 'current, former,,current',
  META_VERIFY_TOKEN: 'verify-me',
  JWT_SECRET: 'a-secret-of-thirty-two-characters-or-more',
};

describe('settings', () => {
  it('hold every app secret once, however the list is written', () => {
    expect(readConfig(complete).meta.appSecrets).toEqual(['current', 'former']);
  });

  it('have defaults for the ports', () => {
    expect(readConfig(complete)).toMatchObject({ http: { port: 8_080 }, grpc: { port: 50_051 } });
  });

  it('that are missing or wrong are told all at once', () => {
    const read = () =>
      readConfig({ KAFKA_BROKERS: 'a:9092', META_APP_SECRETS: ' , ', HTTP_PORT: 'x', JWT_SECRET: 'short' });

    for (const name of ['META_APP_SECRETS', 'META_VERIFY_TOKEN', 'HTTP_PORT', 'JWT_SECRET']) expect(read).toThrow(name);
  });
});
