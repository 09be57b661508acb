import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { ingressService } from './service.js';

await run('ingress', readConfig, ingressService, process.env);
