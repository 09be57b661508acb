import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { ANA, APP_SECRET, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

/** Somebody else's client; nothing but its base URL is changed. */
const clientOf = (url: string) => new WhatsAppClient({ baseUrl: url, accessToken: 'token', graphVersion: 'v24.0' });

describe('a Cloud API client from npm', () => {
  it('sends texts, buttons, templates and receipts, and understands the answers', async () => {
    const { url, control } = await world();
    const { messages } = control.write(ANA, { text: 'hello' });
    const client = clientOf(url);

    const common = { phoneNumberId: PHONE, to: `+${ANA}` };
    const text = await client.messages.sendText({ ...common, body: 'hi' });
    const buttons = await client.messages.sendInteractiveButtons({
      ...common,
      bodyText: 'Choose',
      buttons: [{ id: 'yes', title: 'Yes' }],
    });
    const template = await client.messages.sendTemplate({
      ...common,
      template: { name: 'order_ready', language: { code: 'en_US' } },
    });
    const read = await client.messages.markRead({ phoneNumberId: PHONE, messageId: messages[0]!.id });

    expect(text.contacts).toMatchObject([{ input: `+${ANA}` }]);
    expect(read).toMatchObject({ success: true });
    expect(control.messages().messages.map(({ id, type }) => [id, type])).toEqual([
      [text.messages[0]?.id, 'text'],
      [buttons.messages[0]?.id, 'interactive'],
      [template.messages[0]?.id, 'template'],
    ]);
  });

  it('uploads media and fetches them again', async () => {
    const { url } = await world();
    const client = clientOf(url);

    const file = new Blob(['content'], { type: 'text/plain' });
    const { id } = await client.media.upload({ phoneNumberId: PHONE, type: 'document', file, fileName: 'a.txt' });
    const content = await client.media.download({ mediaId: id, phoneNumberId: PHONE, auth: 'always' });

    expect(Buffer.from(content as ArrayBuffer).toString()).toBe('content');
  });

  it('sorts our errors as it sorts those of Meta', async () => {
    const { url, control } = await world();
    control.orderFailure({ code: 130429 });
    const send = () => clientOf(url).messages.sendText({ phoneNumberId: PHONE, to: ANA, body: 'hi' });
    const caught = async () => send().then(() => undefined, (error: unknown) => error as GraphApiError); // prettier-ignore

    const throttled = await caught();
    const closed = await caught();

    expect([throttled, closed].every((error) => error instanceof GraphApiError)).toBe(true);
    expect([throttled?.code, throttled?.isRateLimit(), closed?.code]).toEqual([130429, true, 131047]);
    expect(closed?.details).toMatch(/24 hours/);
    expect(closed?.fbtraceId).toEqual(expect.any(String));
  });

  it('trusts our signature and reads our webhooks', async () => {
    const { url, control, clock, webhook } = await world();
    control.write(ANA, { text: 'Olá' });
    await clock.advance(0);
    await clientOf(url).messages.sendText({ phoneNumberId: PHONE, to: ANA, body: 'hi' });
    await clock.advance(10_000);

    const isTrusted = webhook.received.map(({ raw, signature }) =>
      verifySignature({ appSecret: APP_SECRET, rawBody: raw, signatureHeader: signature }),
    );
    const read = webhook.received.map(({ body }) => normalizeWebhook(body));

    expect(isTrusted).toEqual([true, true, true, true]);
    expect(read[0]?.messages[0]).toMatchObject({ from: ANA, type: 'text', text: { body: 'Olá' } });
    expect(read.flatMap(({ statuses }) => statuses.map(({ status }) => status))).toEqual(['sent', 'delivered', 'read']);
  });
});
