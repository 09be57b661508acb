import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { ingressService } from './service.js';

await run('ingress', (platform) => ingressService(readConfig(process.env), platform), process.env);
