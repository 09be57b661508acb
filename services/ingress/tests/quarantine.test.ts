import { type QuarantinedItem, IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { createQuarantine } from '../src/adapters/kafka/quarantine.js';
import { toRecord } from '../src/adapters/kafka/webhook-log.js';
import { sha256 } from '../src/adapters/node/crypto.js';
import type { Read } from '../src/domain/events.js';
import { ingressServer } from '../src/entrypoints/grpc/ingress-server.js';
import { createAcceptWebhook } from '../src/use-cases/accept-webhook.js';
import { createQuarantineUseCases } from '../src/use-cases/quarantine.js';
import { envelope, messages, ofNumber, receivedAt, text } from './support/bodies.js';
import { createMemoryLookback } from './support/memory-lookback.js';
import { quarantineContract } from './support/quarantine-contract.js';

quarantineContract('memory', () => {
  const lookback = createMemoryLookback();
  return Promise.resolve({
    lookback,
    append: (records) => {
      records.forEach(lookback.append);
      return Promise.resolve();
    },
  });
});

const secret = 'a-secret-of-thirty-two-characters-or-more';
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } as never;
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** The service's calls over gRPC, with a log in memory. */
async function ingress(scope = 'ingress.quarantine:read ingress.quarantine:write') {
  const log: Read[] = [];
  const lookback = createMemoryLookback();
  const append = (events: readonly Read[]): Promise<void> => {
    log.push(...events);
    for (const each of events) if (each.topic === 'quarantine') lookback.append(toRecord(each));
    return Promise.resolve();
  };
  const observe = () => undefined;
  const accept = createAcceptWebhook({ isSigned: () => true, append, hash: sha256, now: () => receivedAt, observe });
  const quarantine = createQuarantineUseCases({
    quarantine: createQuarantine(lookback),
    append,
    hash: sha256,
    observe,
  });
  const server = grpcServer({
    port: 0,
    services: [ingressServer(quarantine)],
    verify: localTokens(secret),
    logger: quiet,
    drainMs: 100,
  });
  await server.start();
  const token = await signToken(secret, { subject: 'tests', scope, ttlSeconds: 60 });
  const client = grpcClient(IngressServiceService, `127.0.0.1:${server.port()}`, { token });
  stops.push(() => server.stop(), client.close);
  const post = (body: unknown) => accept(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), '');
  const listed = async (): Promise<QuarantinedItem> => {
    const { items } = await client.listQuarantined({});
    const [item, ...others] = items;
    expect(others).toEqual([]);
    if (!item) throw new Error('the quarantine is empty');
    return item;
  };
  return { client, log, lookback, post, listed };
}

describe('ListQuarantined', () => {
  it('shows what could not be read, with the bytes and the reason', async () => {
    const { post, listed } = await ingress();
    await post(envelope(messages('poison', text('a'))));

    expect(await listed()).toMatchObject({
      code: 'ingress.unreadable-item',
      reason: 'the item is no JSON object',
      raw: Buffer.from('"poison"'),
      receivedAt,
      entryId: '215',
      field: 'messages',
      part: 'messages',
    });
  });

  it.each([
    [{ pageSize: 501 }, 'page_size'],
    [{ pageToken: 'nonsense' }, 'page_token'],
  ])('refuses %j and names the field', async (request, field) => {
    const { client } = await ingress();

    await expect(client.listQuarantined(request)).rejects.toMatchObject({ kind: 'invalid', violations: [{ field }] });
  });

  it('is for those who may read it', async () => {
    const { client } = await ingress('ingress.quarantine:write');

    await expect(client.listQuarantined({})).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('ReplayQuarantined', () => {
  it('says that an item still cannot be read, and publishes nothing', async () => {
    const { client, log, post, listed } = await ingress();
    await post(envelope(messages('poison')));
    const { quarantineId } = await listed();

    await expect(client.replayQuarantined({ quarantineId })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'ingress.unreadable-item',
      violations: [{ field: 'quarantine_id', description: expect.stringContaining('the item is no JSON object') }],
    });
    expect(log).toHaveLength(1);
  });

  it.each([
    ['that is no JSON', 'not json', 'ingress.not-json'],
    ['that is not Meta’s', '{"hello":1}', 'ingress.not-an-envelope'],
    [
      'without its number',
      envelope({ field: 'messages', value: { messages: [text('a')] } }),
      'ingress.no-phone-number-id',
    ],
    ['that is no entry', { entry: ['poison'] }, 'ingress.unreadable-item'],
    ['without a value', envelope({ field: 'messages' }), 'ingress.no-value'],
    [
      'of a status without its message',
      envelope(ofNumber('messages', { statuses: [{}] })),
      'ingress.incomplete-status',
    ],
    [
      'of an import',
      envelope(ofNumber('history', { history: [{ threads: [{ id: '1', messages: [7] }] }] })),
      'ingress.unreadable-item',
    ],
  ])('of something %s refuses with the reason it was put there for', async (_, body, code) => {
    const { client, post, listed } = await ingress();
    await post(body);
    const { quarantineId } = await listed();

    await expect(client.replayQuarantined({ quarantineId })).rejects.toMatchObject({ kind: 'invalid', code });
  });

  describe('with a parser that can read it now', () => {
    /** As an earlier version without a parser for it would have put it there: the same part, the same frame. */
    async function quarantinedBefore(body: unknown, part: string, raw: unknown) {
      const served = await ingress();
      await served.post(body);
      const read = served.log.splice(0).find(({ topic }) => topic === 'quarantine');
      if (read?.topic !== 'quarantine') throw new Error('it can be read');
      const event = { ...read.event, part, raw: Buffer.from(JSON.stringify(raw)) };
      served.lookback.append(toRecord({ topic: 'quarantine', event }));
      const { items } = await served.client.listQuarantined({ pageSize: 1 });
      return { ...served, quarantineId: items[0]?.quarantineId ?? '' };
    }

    it.each([
      ['an item', envelope(messages(text('a'), text('b'), 7)), 'messages', text('z'), '0.0.2'],
      ['a change', envelope(messages(text('a')), 7), 'change', messages(text('z')), '0.1.0'],
      ['an entry', { entry: [{ id: '1' }, 7] }, 'entry', { id: '9', changes: [messages(text('z'))] }, '1.0.0'],
      ['a body', 'not json', 'body', envelope(messages(text('z'))), '0.0.0'],
    ])('publishes %s with the id it would have had, from where it stood', async (_, body, part, raw, place) => {
      const { client, log, quarantineId } = await quarantinedBefore(body, part, raw);

      const { eventIds } = await client.replayQuarantined({ quarantineId });

      expect(eventIds).toEqual(['z']);
      expect(log).toMatchObject([
        { topic: 'messages', event: { messageId: 'z', phoneNumberId: '341', source: { receivedAt } } },
      ]);
      const { entry, change, item } = log[0]?.event.source ?? {};
      expect(`${entry}.${change}.${item}`).toBe(place);
    });

    it('is safe to repeat', async () => {
      const { client, quarantineId } = await quarantinedBefore(envelope(messages(7)), 'messages', text('z'));

      const first = await client.replayQuarantined({ quarantineId });

      expect(await client.replayQuarantined({ quarantineId })).toEqual(first);
    });
  });

  it('knows no item that is not there', async () => {
    const { client } = await ingress();

    await expect(client.replayQuarantined({ quarantineId: '0-7' })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'ingress.not-quarantined',
    });
  });

  it('is for those who may write', async () => {
    const { client } = await ingress('ingress.quarantine:read');

    await expect(client.replayQuarantined({ quarantineId: '0-0' })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
