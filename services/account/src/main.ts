import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { accountService } from './service.js';

await run('account', readConfig, accountService, process.env);
