import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { routingService } from './service.js';

await run('routing', readConfig, routingService, process.env);
