import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SECRET = 'the-app-secret-of-the-bench';

const sample = readFileSync(join(import.meta.dirname, '../tests/payloads/inbound-text.json'), 'utf8');
const compact = JSON.stringify(JSON.parse(sample));

export interface Sent {
  readonly number: string;
  readonly phone: string;
  readonly wamid: string;
  readonly at: Date;
}

/** The sample text message as Meta would send it, without line breaks, with these in their places. */
export function webhookBody({ number, phone, wamid, at }: Sent): string {
  return compact
    .replaceAll('341280095512345', number)
    .replaceAll('12025550143', phone)
    .replaceAll('48213096651720934475', `4821309665${phone}`)
    .replace(/wamid\.[A-Za-z0-9=]+/, wamid)
    .replace('1795168800', String(Math.floor(at.getTime() / 1000)));
}

export const signature = (body: string): string => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
