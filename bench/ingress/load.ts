// Signed webhooks at a port, as fast as they are answered: node load.ts <port> <connections> <seconds>
import autocannon from 'autocannon';
import { signature, webhookBody } from '../webhooks.ts';

const [port = '0', connections = '64', seconds = '4'] = process.argv.slice(2);
const BODIES = 512;

// Signed ahead, so that the generator does not do the subject's work; told in turn on every connection.
const requests = Array.from({ length: BODIES }, (_, index) => {
  const wamid = `wamid.BENCH${index}`;
  const phone = String(12_025_000_000 + index);
  const body = webhookBody({ number: String(341_280_095_500_000 + (index % 24)), phone, wamid, at: new Date() });
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature(body) };
  return { method: 'POST', headers, body } as const;
});

const result = await autocannon({
  url: `http://127.0.0.1:${port}/webhook`,
  connections: Number(connections),
  duration: Number(seconds),
  requests,
});
const { '2xx': answered, non2xx, errors, duration } = result;
console.log(JSON.stringify({ answered, failed: non2xx + errors, seconds: duration }));
