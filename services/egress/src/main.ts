import { run } from '@switchboard/service-kit';
import { readConfig } from './config.js';
import { egressService } from './service.js';

await run('egress', (platform) => egressService(readConfig(process.env), platform), process.env);
