// node service.ts <brokers> <mongo url> <database>
import { serve } from '../serve.ts';

await serve('routing', process.argv.slice(2), {
  EGRESS_GRPC: '127.0.0.1:1',
  ACCOUNT_GRPC: '127.0.0.1:1',
  TOKEN_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
});
