// node service.ts <brokers> <mongo url> <database> <instance>
import { serve } from '../serve.ts';
import { OWNER } from './world.ts';

const [INSTANCE = ''] = process.argv.slice(5);
await serve('timer', process.argv.slice(2), { INSTANCE, TIMER_OWNERS: OWNER });
