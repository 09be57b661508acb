import { createConnection } from 'mongoose';
import type { Infrastructure } from './servers.js';
import { isOpen } from './ports.js';

/** Servers whose addresses are given; undefined when none are. Throws when they cannot serve: half a pair, or no answer. */
export async function infrastructureFromEnvironment(env: NodeJS.ProcessEnv): Promise<Infrastructure | undefined> {
  const { MONGO_URL: mongoUrl, KAFKA_BROKERS: list } = env;
  if (!mongoUrl && !list) return undefined;
  if (!mongoUrl || !list) throw new Error('MONGO_URL and KAFKA_BROKERS are given together or not at all');
  const brokers = list.split(',');
  await mustBeReplicaSet(mongoUrl);
  const answering = await Promise.all(
    brokers.map((broker) => {
      const [host = '', port] = broker.split(':');
      return isOpen(Number(port), host);
    }),
  );
  if (!answering.includes(true)) throw new Error(`none of KAFKA_BROKERS answers: ${list}`);
  const notOurs = (): Promise<never> => Promise.reject(new Error('these servers are given: they are not ours to stop'));
  return {
    origin: 'environment',
    mongoUrl,
    brokers,
    pids: {},
    mongo: { start: notOurs, stop: notOurs, kill: notOurs, stepDown: notOurs },
    kafka: { start: notOurs, stop: notOurs, kill: notOurs },
    stop: () => Promise.resolve(),
  };
}

/** Writes that outlive a crash need one. */
async function mustBeReplicaSet(url: string): Promise<void> {
  const connection = createConnection(url, { serverSelectionTimeoutMS: 10_000 });
  try {
    await connection.asPromise();
    const { setName, msg } = await connection.getClient().db('admin').command({ hello: 1 });
    if (setName === undefined && msg !== 'isdbgrid') throw new Error('MONGO_URL is a MongoDB without a replica set');
  } finally {
    await connection.close();
  }
}
