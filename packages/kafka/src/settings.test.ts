import { readKafkaSettings } from './settings.js';

describe('how to reach Kafka', () => {
  it('needs brokers alone', () => {
    expect(readKafkaSettings({ KAFKA_BROKERS: 'a:1,b:2' })).toEqual({
      brokers: ['a:1', 'b:2'],
      layout: { partitions: 12, replication: 1 },
    });
  });

  it('takes TLS and a login', () => {
    const env = { KAFKA_BROKERS: 'a:1', KAFKA_TLS: 'true', KAFKA_SASL_MECHANISM: 'scram-sha-512' };

    expect(readKafkaSettings({ ...env, KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' })).toMatchObject({
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
  });

  it('names all problems at once', () => {
    const env = { KAFKA_PARTITIONS: 'many', KAFKA_SASL_MECHANISM: 'magic' };

    expect(() => readKafkaSettings(env)).toThrow(/KAFKA_PARTITIONS[^]*KAFKA_BROKERS|KAFKA_BROKERS[^]*KAFKA_PARTITIONS/);
    expect(() => readKafkaSettings(env)).toThrow(/KAFKA_SASL_MECHANISM must be one of/);
  });
});
