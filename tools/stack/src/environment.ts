import { connect } from 'mongoose';
import type { Infrastructure } from './servers.js';
import { isOpen } from './ports.js';

/** Servers whose addresses are given; undefined when none are. Half a pair, or one that does not answer, is an error. */
export async function infrastructureFromEnvironment(env: NodeJS.ProcessEnv): Promise<Infrastructure | undefined> {
  const { MONGO_URL: mongoUrl, KAFKA_BROKERS: list } = env;
  if (!mongoUrl && !list) return undefined;
  if (!mongoUrl || !list) throw new Error('MONGO_URL and KAFKA_BROKERS are given together or not at all');
  const brokers = list.split(',');
  const client = await connect(mongoUrl, { serverSelectionTimeoutMS: 10_000 });
  await client.disconnect();
  const answering = await Promise.all(
    brokers.map((broker) => {
      const [host = '', port] = broker.split(':');
      return isOpen(Number(port), host);
    }),
  );
  if (!answering.includes(true)) throw new Error(`none of KAFKA_BROKERS answers: ${list}`);
  const notOurs = (): Promise<never> => Promise.reject(new Error('these servers are given: they are not ours to stop'));
  return {
    origin: 'given',
    mongoUrl,
    brokers,
    pids: {},
    mongo: { start: notOurs, stop: notOurs, kill: notOurs, stepDown: notOurs },
    kafka: { start: notOurs, stop: notOurs, kill: notOurs },
    stop: () => Promise.resolve(),
  };
}
