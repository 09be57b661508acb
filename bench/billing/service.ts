// The service as it is deployed, telling when it is ready: node service.ts <brokers> <mongo url> <database>
import { eventually, freePort } from '@switchboard/testing';
import { SECRET } from '../egress/neighbours.ts';
import { PARTITIONS } from '../infrastructure.ts';

const [brokers = '', url = '', database = ''] = process.argv.slice(2);
const [admin, grpc] = [await freePort(), await freePort()];
Object.assign(process.env, {
  LOG_LEVEL: 'warn',
  INSTANCE: 'billing-0',
  ADMIN_PORT: String(admin),
  GRPC_PORT: String(grpc),
  KAFKA_BROKERS: brokers,
  KAFKA_PARTITIONS: String(PARTITIONS),
  MONGO_URL: url,
  MONGO_DATABASE: database,
  JWT_SECRET: SECRET,
});
// It resolves when the service has stopped.
void import('@switchboard/billing/main');
await eventually(
  async () => {
    const { status } = await fetch(`http://127.0.0.1:${admin}/ready`);
    if (status !== 200) throw new Error(`not ready: ${status}`);
  },
  { timeoutMs: 90_000, everyMs: 200 },
);
console.log(JSON.stringify({ admin, grpc }));
