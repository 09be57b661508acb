import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { ChangeReceived, Source } from '@switchboard/contracts/ingress/v1/events';

type Json = Readonly<Record<string, unknown>>;

/** Where a simulated Meta posts its webhooks; they are taken as ingress would tell them. */
export async function startReceiver() {
  const changes: Uint8Array[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method === 'GET') {
        response.end(new URL(request.url ?? '/', 'http://receiver').searchParams.get('hub.challenge'));
        return;
      }
      const { entry } = JSON.parse(await readText(request)) as {
        entry: { id: string; time: number; changes: { field: string; value: Json }[] }[];
      };
      for (const each of entry) {
        for (const { field, value } of each.changes) changes.push(changeOf(each.id, each.time, field, value));
      }
      response.end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: (): Uint8Array[] => changes.splice(0),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const inner = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** The record of `whatsapp.changes` for one change of a template. */
export function changeOf(wabaId: string, seconds: number, field: string, value: Json): Uint8Array {
  const template = {
    templateId: text(value['message_template_id']),
    name: text(value['message_template_name']),
    language: text(value['message_template_language']),
    category: text(value['new_category']) || text(value['message_template_category']),
    previousCategory: text(value['previous_category']),
    correctCategory: text(value['correct_category']),
    reason: text(value['reason']),
    quality: text(value['new_quality_score']),
    previousQuality: text(value['previous_quality_score']),
    title: text(inner(value['other_info'])['title']),
  };
  return ChangeReceived.encode({
    ...ChangeReceived.decode(new Uint8Array()),
    eventId: 'e',
    source: { ...Source.decode(new Uint8Array()), field, entryId: wabaId, receivedAt: new Date(seconds * 1_000) },
    wabaId,
    event: text(value['event']),
    occurredAt: new Date(seconds * 1_000),
    detail: { $case: 'template', value: template },
    raw: Buffer.from(JSON.stringify(value)),
  }).finish();
}
