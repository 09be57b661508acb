// node service.ts <brokers> <mongo url> <database>
import { serve } from '../serve.ts';

await serve('billing', process.argv.slice(2));
