import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { timerService } from './service.js';

await run('timer', readConfig, timerService, process.env);
