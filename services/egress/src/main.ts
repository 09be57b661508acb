import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { egressService } from './service.js';

await run('egress', readConfig, egressService, process.env);
