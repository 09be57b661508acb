import { MessageState } from '@switchboard/contracts/egress/v1/events';
import { type Content } from '@switchboard/contracts/whatsapp/v1/content';
import { OutboundMessage } from '@switchboard/contracts/egress/v1/message_service';
import { eventually, jwtSecret } from '@switchboard/testing';
import { type Installation, startInstallation } from './support/installation.js';
import { startBilling } from './support/neighbours.js';

/** egress with a billing beside it, on real Kafka and MongoDB. */

jest.setTimeout(180_000);

let billing: Awaited<ReturnType<typeof startBilling>>;
let installation: Installation;
let client: Awaited<ReturnType<Installation['client']>>;
beforeAll(async () => {
  billing = await startBilling(jwtSecret);
  installation = await startInstallation('money', { graphTimeoutMs: 5_000, billing: billing.address });
  await installation.startProcess();
  client = await installation.client('egress.*');
}, 180_000);
afterAll(async () => {
  client.close();
  await installation.stop();
  await billing.stop();
}, 60_000);

const offer: Content = { kind: { $case: 'template', value: { name: 'offer', language: 'en', components: [] } } };
const words: Content = { kind: { $case: 'text', value: { body: 'Hello' } } };

let made = 0;
async function send(content: Content, phone = `55119${String(70_000_000 + (made += 1))}`): Promise<string> {
  const plain = { ...OutboundMessage.decode(new Uint8Array()), recipient: { phone, userId: '' }, content };
  const message = { ...plain, idempotencyKey: `key-${(made += 1)}` };
  return (await client.send({ phoneNumberId: installation.number, message })).message?.messageId ?? '';
}
const isIn = (messageId: string, states: MessageState[]) =>
  eventually(async () => {
    expect(states).toContain((await client.get({ messageId })).message?.state);
  });
const atMeta = [MessageState.MESSAGE_STATE_SENT, MessageState.MESSAGE_STATE_DELIVERED, MessageState.MESSAGE_STATE_READ];

it('BL-8 what costs waits until billing has told who pays, then it is held and says so', async () => {
  const id = await send(offer);
  await isIn(id, [MessageState.MESSAGE_STATE_ACCEPTED]);

  await installation.tellPayer({ revision: 1n, walletId: 'main', hasCredit: true, freeServiceMessages: 1_000 });

  await isIn(id, atMeta);
  await eventually(() => {
    const [sent] = installation.said(id).filter(({ event }) => event?.$case === 'sent');
    expect(sent).toMatchObject({ walletId: 'main', cost: { held: true } });
  });
});

it('BL-8 while billing is away what costs waits, and what is free goes', async () => {
  const { port } = billing;
  await billing.stop();

  const paid = await send(offer);
  const phone = '5511987654321';
  installation.simulator.control.write(phone, { text: 'hi', phone_number_id: installation.number });
  const free = await send(words, phone);
  await isIn(free, atMeta);
  await isIn(paid, [MessageState.MESSAGE_STATE_ACCEPTED]);
  billing = await startBilling(jwtSecret, port);

  await isIn(paid, atMeta);
});

it('BL-8 what cannot be held is refused with billing’s code and remedy', async () => {
  billing.credit = 0;

  const id = await send(offer);

  await isIn(id, [MessageState.MESSAGE_STATE_REFUSED]);
  expect((await client.get({ messageId: id })).message).toMatchObject({ troubleCode: 'billing.balance-too-low' });
});
