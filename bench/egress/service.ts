// The service as it is deployed, telling when it is ready: node service.ts <brokers> <mongo url> <database> <meta> <services>
import { eventually, freePort } from '@switchboard/testing';
import { PARTITIONS } from '../infrastructure.ts';
import { SECRET } from './neighbours.ts';

const [brokers = '', url = '', database = '', meta = '', services = ''] = process.argv.slice(2);
const [admin, grpc] = [await freePort(), await freePort()];
Object.assign(process.env, {
  LOG_LEVEL: 'warn',
  INSTANCE: 'egress-0',
  ADMIN_PORT: String(admin),
  GRPC_PORT: String(grpc),
  KAFKA_BROKERS: brokers,
  KAFKA_PARTITIONS: String(PARTITIONS),
  MONGO_URL: url,
  MONGO_DATABASE: database,
  JWT_SECRET: SECRET,
  GRAPH_URL: meta,
  ACCOUNT_GRPC: services,
  ROUTING_GRPC: services,
});
// It resolves when the service has stopped.
void import('@switchboard/egress/main');
await eventually(
  async () => {
    const { status } = await fetch(`http://127.0.0.1:${admin}/ready`);
    if (status !== 200) throw new Error(`not ready: ${status}`);
  },
  { timeoutMs: 90_000, everyMs: 200 },
);
console.log(JSON.stringify({ admin, grpc }));
