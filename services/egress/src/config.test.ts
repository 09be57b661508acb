import { readConfig } from './config.js';

const complete = {
  KAFKA_BROKERS: 'a:9092,b:9092',
  MONGO_URL: 'mongodb://m/egress',
  JWT_SECRET: 'a-secret-of-thirty-two-characters-or-more',
  ROUTING_GRPC: 'routing:50051',
  ACCOUNT_GRPC: 'account:50051',
};

describe('the settings', () => {
  it('have defaults for what need not be said', () => {
    expect(readConfig(complete)).toMatchObject({
      kafka: { brokers: ['a:9092', 'b:9092'], layout: { partitions: 12 } },
      grpc: { port: 50_051 },
      graph: { baseUrl: 'https://graph.facebook.com', timeoutMs: 15_000 },
      template: { address: '' },
      usMarketing: 'paused',
      allowed: {
        throughputs: { standard: 80, high: 1_000, coexistence: 20 },
        pair: { everyMs: 6_000, burst: 45 },
        messagingLimit: 250,
      },
    });
  });

  it.each([
    ['TIER_10K', 10_000],
    ['TIER_UNLIMITED', Infinity],
    ['500', 500],
  ])('take a messaging limit of %s', (text, limit) => {
    expect(readConfig({ ...complete, MESSAGING_LIMIT: text }).allowed.messagingLimit).toBe(limit);
  });

  it('are refused with all problems at once', () => {
    const read = () =>
      readConfig({
        US_MARKETING: 'off',
        GRPC_PORT: 'many',
        KAFKA_PARTITIONS: '0',
        GRAPH_TIMEOUT_MS: '1',
        MESSAGING_LIMIT: 'many',
      });

    for (const name of [
      'GRPC_PORT',
      'US_MARKETING',
      'MESSAGING_LIMIT',
      'JWT_SECRET',
      'GRAPH_TIMEOUT_MS',
      'ROUTING_GRPC',
      'KAFKA_PARTITIONS',
      'MONGO_URL',
    ]) {
      expect(read).toThrow(name);
    }
  });
});
