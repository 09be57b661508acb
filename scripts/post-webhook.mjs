// Posts a webhook body to the running ingress, signed as Meta signs it: node scripts/post-webhook.mjs FILE
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node scripts/post-webhook.mjs FILE (for example tests/payloads/inbound-text.json)');
  process.exit(2);
}
const { ingress } = JSON.parse(readFileSync(join(root, '.switchboard/stack.json'), 'utf8'));
const body = readFileSync(file);
const signature = createHmac('sha256', ingress.appSecret).update(body).digest('hex');
const response = await fetch(ingress.webhookUrl, {
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
});
console.log(`${ingress.webhookUrl} answered ${response.status}`);
process.exit(response.ok ? 0 : 1);
