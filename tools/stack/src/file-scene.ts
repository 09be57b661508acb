import { createHash } from 'node:crypto';
import type { UploadRequest } from '@switchboard/contracts/egress/v1/media_service';
import { Media } from '@switchboard/contracts/whatsapp/v1/content';
import { demo, type StackClients } from './demo.js';
import type { Say } from './log.js';
import { pause } from './process.js';
import type { RunningStack } from './stack.js';

const FILENAME = 'Receipt 4821.pdf';

/** An operator uploads a document and answers with it; what Meta has is what was uploaded. */
export async function playFileScene(
  stack: RunningStack,
  { files, chats }: Pick<StackClients, 'files' | 'chats'>,
  { chatId, waId }: { readonly chatId: string; readonly waId: string },
  say: Say,
): Promise<void> {
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100_000)]);
  const { file } = await files.upload(pieces(bytes));
  const document = { ...Media.decode(new Uint8Array()), kind: 'document', fileId: file?.fileId ?? '' };
  const content = { kind: { $case: 'media', value: { ...document, caption: 'Your receipt' } } } as const;
  await chats.markRead({ chatId, typingIndicator: true });
  await chats.reply({ chatId, idempotencyKey: `scene-file-${Date.now()}`, content });
  say(`operator   uploads ${FILENAME} and answers with it`);

  const mediaId = await sentAs(stack, waId);
  const about = (await ask(stack, `/v25.0/${mediaId}?phone_number_id=${demo.phoneNumberId}`)) as { sha256: string };
  if (about.sha256 !== createHash('sha256').update(bytes).digest('hex')) throw new Error('Meta has other bytes');
  say(`file       ${bytes.length} bytes are at Meta as they were uploaded; the next message reuses them`);
}

async function* pieces(bytes: Buffer): AsyncGenerator<UploadRequest, void, undefined> {
  const { organisationId } = demo;
  const about = { organisationId, brandId: '', filename: FILENAME, mimeType: '', kind: '', sizeBytes: 0n };
  yield { piece: { $case: 'about', value: about } };
  yield await Promise.resolve({ piece: { $case: 'bytes', value: bytes } });
}

/** Meta's id of the document, once the customer was sent it. */
async function sentAs(stack: RunningStack, waId: string): Promise<string> {
  for (let waited = 0; waited < 60_000; waited += 200) {
    const { messages } = (await ask(stack, `/control/messages?customer=${waId}`)) as {
      messages: { content?: { document?: { id: string; filename: string } } }[];
    };
    const document = messages.findLast(({ content }) => content?.document?.filename === FILENAME)?.content?.document;
    if (document) return document.id;
    await pause(200);
  }
  throw new Error('the scene waited 60 s in vain until the document was sent; see .switchboard/logs');
}

async function ask(stack: RunningStack, path: string): Promise<unknown> {
  const headers = { authorization: 'Bearer demo-token' };
  const response = await fetch(`${stack.urls().simulator}${path}`, { headers });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
  return response.json();
}
