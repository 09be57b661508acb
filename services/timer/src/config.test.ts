import { readConfig } from './config.js';

const complete = {
  KAFKA_BROKERS: 'a:9092,b:9092',
  MONGO_URL: 'mongodb://m/timer',
  JWT_SECRET: 'a-secret-of-thirty-two-characters-or-more',
};

describe('the settings', () => {
  it('have defaults for what need not be said', () => {
    expect(readConfig(complete)).toMatchObject({
      kafka: { brokers: ['a:9092', 'b:9092'], layout: { partitions: 12 } },
      grpc: { port: 50_051 },
      timers: { owners: [], catchUpRate: 1_000 },
    });
  });

  it('name further owners', () => {
    expect(readConfig({ ...complete, TIMER_OWNERS: 'bookings, surveys-2,' }).timers.owners).toEqual([
      'bookings',
      'surveys-2',
    ]);
  });

  it('are refused with all problems at once', () => {
    const read = () => readConfig({ GRPC_PORT: 'many', TIMER_OWNERS: 'Bookings', TIMER_CATCH_UP_RATE: '0' });

    for (const name of ['GRPC_PORT', 'JWT_SECRET', 'TIMER_OWNERS', 'TIMER_CATCH_UP_RATE', 'KAFKA_BROKERS', 'MONGO_URL'])
      expect(read).toThrow(name);
  });
});
