import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { billingService } from './service.js';

await run('billing', readConfig, billingService, process.env);
