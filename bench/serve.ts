import { eventually, freePort, jwtSecret } from '@switchboard/testing';
import { PARTITIONS } from './infrastructure.ts';

/** Runs a service in this process as it is deployed, and tells where once it is ready. */
export async function serve(
  service: 'billing' | 'egress' | 'routing' | 'timer',
  where: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [brokers = '', url = '', database = ''] = where;
  const [admin, grpc] = [await freePort(), await freePort()];
  Object.assign(process.env, {
    LOG_LEVEL: 'warn',
    INSTANCE: `${service}-0`,
    ADMIN_PORT: String(admin),
    GRPC_PORT: String(grpc),
    KAFKA_BROKERS: brokers,
    KAFKA_PARTITIONS: String(PARTITIONS),
    MONGO_URL: url,
    MONGO_DATABASE: database,
    JWT_SECRET: jwtSecret,
    ...settings,
  });
  // It resolves when the service has stopped.
  void import(`@switchboard/${service}/main`);
  await eventually(
    async () => {
      const { status } = await fetch(`http://127.0.0.1:${admin}/ready`);
      if (status !== 200) throw new Error(`not ready: ${status}`);
    },
    { timeoutMs: 90_000, everyMs: 200 },
  );
  console.log(JSON.stringify({ admin, grpc }));
}
