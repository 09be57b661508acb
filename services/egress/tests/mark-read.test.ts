import { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import { Failure } from '@switchboard/errors';
import { createGraphClient } from '@switchboard/graph-api';
import { grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { createSimulator } from '@switchboard/meta-simulator';
import { jwtSecret } from '@switchboard/testing';
import { createTellRead } from '../src/adapters/meta/receipts.js';
import { messageServer } from '../src/entrypoints/grpc/message-server.js';
import { createWorld, NUMBER } from './support/world.js';

/** TX-5: read receipts and typing indicators, over real gRPC and HTTP on loopback, with the simulator as Meta. */

const ignore = () => undefined;
const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;
const PHONE = '12025550143';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function serve() {
  const other = { phone_number_id: '556', waba_id: '1', display_phone_number: '15550140078' };
  const simulator = createSimulator({
    numbers: [{ phone_number_id: NUMBER, waba_id: '1', display_phone_number: '15550140077' }, other],
    accessTokens: ['token'],
    webhook: { url: 'http://127.0.0.1:9/', app_secret: 's', verify_token: '' },
  });
  const { url } = await simulator.start();
  const graph = createGraphClient({ baseUrl: url, version: 'v23.0' });
  const world = createWorld();
  world.tellRead = createTellRead(graph);
  const { engine } = world.start();
  const server = grpcServer({
    port: 0,
    services: [messageServer({ ...engine, now: world.clock.now, tail: { subscribe: world.subscribe } })],
    verify: localTokens(jwtSecret),
    logger: quiet,
    drainMs: 200,
  });
  await server.start();
  stops.push(simulator.stop, graph.close, server.stop);
  const client = async (organisationId?: string, scope = 'egress.messages:write') => {
    const named = organisationId !== undefined && { organisationId };
    const token = await signToken(jwtSecret, { subject: 'test', scope, ttlSeconds: 60, ...named });
    const made = grpcClient(MessageServiceService, `127.0.0.1:${server.port()}`, { token });
    stops.push(made.close);
    return made;
  };
  const wrote = (text: string, number = NUMBER): string =>
    simulator.control.write(PHONE, { text, phone_number_id: number }).messages[0]?.id ?? '';
  const statusesOf = (wamid: string): string[] =>
    simulator.control
      .messages({ direction: 'in', customer: PHONE })
      .messages.filter(({ id }) => id === wamid)
      .flatMap(({ statuses }) => statuses.map(({ status }) => status));
  return { world, simulator, client, wrote, statusesOf };
}

describe('MarkRead', () => {
  it('TX-5 shows a message as read, with what was written before it, and typing where asked for', async () => {
    const { world, client, wrote, statusesOf } = await serve();
    const [first, second, third] = [wrote('one'), wrote('two'), wrote('three')];
    const acme = await client('acme');

    await acme.markRead({ phoneNumberId: NUMBER, whatsappMessageId: second });
    await acme.markRead({ phoneNumberId: NUMBER, whatsappMessageId: second });
    expect([first, second, third].map(statusesOf)).toEqual([['read'], ['read'], []]);

    await acme.markRead({ phoneNumberId: NUMBER, whatsappMessageId: third, typingIndicator: true });
    expect(statusesOf(third)).toEqual(['read', 'typing']);
    // It is no message: nothing is kept of it, and nothing said.
    expect([world.store.documents.size, world.published.length, world.calls.length]).toEqual([0, 0, 0]);
  });

  it.each([
    ['what is no id of Meta', { phoneNumberId: NUMBER, whatsappMessageId: '7' }, 'whatsapp_message_id'],
    ['an id too long', { phoneNumberId: NUMBER, whatsappMessageId: `wamid.${'x'.repeat(507)}` }, 'whatsapp_message_id'],
    ['a phone for a number', { phoneNumberId: '+1202', whatsappMessageId: 'wamid.1' }, 'phone_number_id'],
  ])('refuses %s', async (_what, request, field) => {
    const { client } = await serve();

    await expect((await client()).markRead(request)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'egress.bad-request',
      violations: [{ field }],
    });
  });

  it('TX-5 gives Meta’s refusal with its code and what to do, and tries nothing again', async () => {
    const { client, wrote } = await serve();
    const elsewhere = wrote('to another number', '556');
    const acme = await client('acme');

    await expect(acme.markRead({ phoneNumberId: NUMBER, whatsappMessageId: elsewhere })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'meta.131009',
      violations: [{ field: 'whatsapp_message_id' }],
      details: { remedy: 'mend the request; Meta names the part in the details' },
    });
  });

  it('SE-1 is for the organisation of the number alone', async () => {
    const { client, wrote, statusesOf } = await serve();
    const wamid = wrote('hi');

    await expect(
      (await client('globex')).markRead({ phoneNumberId: NUMBER, whatsappMessageId: wamid }),
    ).rejects.toMatchObject({ code: 'egress.number-not-connected' });
    await expect(
      (await client('acme', 'egress.messages:read')).markRead({ phoneNumberId: NUMBER, whatsappMessageId: wamid }),
    ).rejects.toMatchObject({ kind: 'forbidden' });
    expect(statusesOf(wamid)).toEqual([]);
  });

  it('names the number’s token, and not the caller’s, where Meta does not take it', async () => {
    const { world, client, wrote } = await serve();
    const request = { phoneNumberId: NUMBER, whatsappMessageId: wrote('hi') };
    const acme = await client('acme');
    const withoutToken = { kind: 'invalid', code: 'egress.number-without-token' };

    world.tokenOf = () => Promise.resolve('another');
    await expect(acme.markRead(request)).rejects.toMatchObject(withoutToken);
    world.tokenOf = () => Promise.reject(new Failure('not-found', 'account.no-token', 'none'));
    await expect(acme.markRead(request)).rejects.toMatchObject(withoutToken);
    world.tokenOf = () => Promise.reject(new Failure('unavailable', 'grpc.unreachable', 'away'));
    await expect(acme.markRead(request)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is unavailable while Meta is', async () => {
    const { world, simulator, client, wrote } = await serve();
    const request = { phoneNumberId: NUMBER, whatsappMessageId: wrote('hi') };
    simulator.control.setFaults({ outage: true }, NUMBER);

    await expect((await client('acme')).markRead(request)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(world.calls).toEqual([]);
  });
});
