import { Kafka, logLevel } from 'kafkajs';
import { createConnection, mongo } from 'mongoose';
import { pause } from './process.js';

export const REPLICA_SET = 'rs0';

/** Initiates the set on a new folder, moves it on a kept one whose port has changed; true when it is primary. */
export async function becomePrimary(port: number): Promise<boolean> {
  return withAdmin(port, async (admin) => {
    const host = `127.0.0.1:${port}`;
    try {
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError) || error.codeName !== 'AlreadyInitialized') throw error;
      await moveTo(admin, host);
    }
    for (let waited = 0; waited < 10_000; waited += 50) {
      const { isWritablePrimary } = await admin.command({ hello: 1 });
      if (isWritablePrimary === true) return true;
      await pause(50);
    }
    return false;
  });
}

/** A set of one has nobody to hand over to: it refuses writes for three seconds and is elected again. */
export const stepDown = (port: number): Promise<void> =>
  withAdmin(port, async (admin) => {
    await admin.command({ replSetStepDown: 3, force: true }).catch(() => undefined);
  });

/** True when the broker can be used. Listening is not enough: an admin client must get an answer. */
export async function isBrokerUsable(port: number): Promise<boolean> {
  const admin = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length > 0;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

interface ReplicaSetConfig {
  version: number;
  members: { host: string }[];
}

async function moveTo(admin: mongo.Db, host: string): Promise<void> {
  const config = await admin.client.db('local').collection('system.replset').findOne<ReplicaSetConfig>();
  const [member] = config?.members ?? [];
  if (!config || !member || member.host === host) return;
  member.host = host;
  await admin.command({ replSetReconfig: { ...config, version: config.version + 1 }, force: true });
}

async function withAdmin<T>(port: number, work: (admin: mongo.Db) => Promise<T>): Promise<T> {
  const connection = createConnection(`mongodb://127.0.0.1:${port}/admin?directConnection=true`, {
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    await connection.asPromise();
    return await work(connection.getClient().db('admin'));
  } finally {
    await connection.close();
  }
}
