import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition, Metadata, status } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Webhook } from 'standardwebhooks';

const { PORT = '3000', WEBHOOK_SECRET, ROUTING_GRPC, TOKEN } = process.env;
if (!WEBHOOK_SECRET || !ROUTING_GRPC || !TOKEN) {
  console.error('WEBHOOK_SECRET, ROUTING_GRPC and TOKEN are needed; the README says where they come from');
  process.exit(1);
}

const protos = ['../../proto', '../../third_party/proto'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const definition = loadSync('switchboard/routing/v1/chat_service.proto', { includeDirs: protos, longs: String });
const { ChatService } = loadPackageDefinition(definition).switchboard.routing.v1;
const chats = new ChatService(ROUTING_GRPC, credentials.createInsecure());
const webhook = new Webhook(WEBHOOK_SECRET);

createServer(async (request, response) => {
  const body = await read(request);
  let event;
  try {
    // Checked over the bytes as they came; parsing first and writing anew would change them.
    event = webhook.verify(body, request.headers);
  } catch {
    response.writeHead(401).end();
    return;
  }
  try {
    await answer(event, request.headers['webhook-id']);
    response.writeHead(204).end();
  } catch (error) {
    // What may pass is said to be so, and the event comes again. Anything else is over for this bot: the chat was
    // completed, or people have it.
    const mayPass = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED].includes(error.code);
    console.error(`${request.headers['webhook-id']}: ${error.message}`);
    response.writeHead(mayPass ? 503 : 204).end();
  }
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});

/** Only what a customer writes is answered; all else in the chat comes here too, our own replies among it. */
async function answer({ chatId, messageAppended: message }, eventId) {
  const text = message?.content?.text?.body;
  if (message?.author !== 'AUTHOR_CUSTOMER' || !text) return;
  if (/\bhuman\b/i.test(text)) {
    await call('handOver', { chatId, note: 'asked for a human' });
    return;
  }
  // The event's id as the key: when the event comes twice, it is one answer all the same.
  await call('reply', { chatId, idempotencyKey: eventId, text: `You said: ${text}`.slice(0, 4_096) });
}

function call(method, message) {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${TOKEN}`);
  return new Promise((resolve, reject) => {
    chats[method](message, metadata, { deadline: Date.now() + 5_000 }, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
