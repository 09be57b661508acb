import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { templateService } from './service.js';

await run('template', readConfig, templateService, process.env);
