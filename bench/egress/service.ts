// node service.ts <brokers> <mongo url> <database> <meta> <services>
import { serve } from '../serve.ts';

const [GRAPH_URL = '', services = ''] = process.argv.slice(5);
await serve('egress', process.argv.slice(2), { GRAPH_URL, ACCOUNT_GRPC: services, ROUTING_GRPC: services });
