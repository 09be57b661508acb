import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { Media, type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { eventually } from '@switchboard/testing';
import { samples } from './support/file-samples.js';
import { type Installation, startInstallation } from './support/installation.js';
import { pieces } from './support/media-world.js';

/** Files of ours on real Kafka and MongoDB (GridFS), the simulator as Meta with its own list of files. */

jest.setTimeout(120_000);

let installation: Installation;
beforeAll(async () => {
  installation = await startInstallation('files', { graphTimeoutMs: 5_000 });
  await installation.startProcess();
  installation.simulator.control.setLimits({ media_ids: 'strict', pair: false }, installation.number);
}, 180_000);
afterAll(() => installation.stop(), 60_000);

const PHONE = '12025550177';
const [pdf] = samples['paper.pdf'] ?? [Buffer.alloc(0)];
let keys = 0;

async function upload(filename: string): Promise<string> {
  const files = await installation.files();
  const { file } = await files.upload(pieces({ filename, organisationId: 'acme' }, pdf));
  files.close();
  return file?.fileId ?? '';
}

const document = (fileId: string): Content => ({
  kind: { $case: 'media', value: { ...Media.decode(new Uint8Array()), kind: 'document', fileId } },
});

async function send(content: Content): Promise<string> {
  const client = await installation.client();
  const message = {
    ...OutboundMessage.decode(new Uint8Array()),
    idempotencyKey: `file-${(keys += 1)}`,
    recipient: { phone: `+${PHONE}`, userId: '' },
    content,
  };
  try {
    const { message: accepted } = await client.send({ phoneNumberId: installation.number, message });
    return accepted?.messageId ?? '';
  } finally {
    client.close();
  }
}

/** The document as Meta was given it. */
async function sent(messageId: string): Promise<{ id: string; filename: string }> {
  await eventually(() => {
    expect(installation.said(messageId).map(({ state }) => state)).toContain(MessageState.MESSAGE_STATE_SENT);
  });
  const { messages } = installation.simulator.control.messages({ phone_number_id: installation.number, limit: 1_000 });
  const found = messages.filter((message) => message.biz_opaque_callback_data?.startsWith(`${messageId}:`));
  expect(found).toHaveLength(1);
  return (found[0]?.content as { document: { id: string; filename: string } }).document;
}

it('AT-4, TX-5 a file goes once to Meta, under its name, and again when Meta has lost it', async () => {
  installation.simulator.control.write(PHONE, { text: 'hi', phone_number_id: installation.number });
  const fileId = await upload('Invoice 7.pdf');

  const first = await sent(await send(document(fileId)));
  const second = await sent(await send(document(fileId)));
  await installation.forgetAtMeta(first.id);
  const third = await sent(await send(document(fileId)));

  expect(first.filename).toBe('Invoice 7.pdf');
  expect(second.id).toBe(first.id);
  expect(third.id).not.toBe(first.id);
});

it('TX-1 a file that the organisation does not have is refused at accept, with the field', async () => {
  await expect(send(document('nobody-has-it'))).rejects.toMatchObject({
    kind: 'invalid',
    code: 'egress.media-not-found',
    violations: [{ field: 'message.content.media.file_id' }],
  });
});
