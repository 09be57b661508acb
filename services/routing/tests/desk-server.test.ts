import { DeskServiceService, Presence, type SetPresenceRequest } from '@switchboard/contracts/routing/v1/desk_service';
import { type GrpcClient, grpcClient, grpcServer, localTokens, signToken } from '@switchboard/grpc';
import { OfferManner } from '@switchboard/contracts/routing/v1/settings';
import { createTestClock, jwtSecret } from '@switchboard/testing';
import { deskServer } from '../src/entrypoints/grpc/desk-server.js';
import { AWAY_MS, createDesks, operatorState, personWanted, request } from './support/desk-world.js';
import { aWant } from './support/inputs.js';

const ignore = (): undefined => undefined;
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore } as never;

const clock = createTestClock();
const desks = createDesks(clock.now);
const server = grpcServer({
  port: 0,
  services: [deskServer(desks.useCases)],
  verify: localTokens(jwtSecret),
  logger,
  drainMs: 200,
});
const clients: GrpcClient<typeof DeskServiceService>[] = [];

beforeAll(async () => {
  await server.start();
  await desks.hearTellings(
    operatorState('ann'),
    operatorState('bob', { concurrentLimit: 3 }),
    operatorState('gone', { active: false }),
  );
});
afterAll(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

async function as(claims: { organisationId?: string; operatorId?: string; scope?: string }) {
  const token = await signToken(jwtSecret, { subject: 'olga', scope: 'routing.*', ttlSeconds: 60, ...claims });
  const client = grpcClient(DeskServiceService, `127.0.0.1:${server.port()}`, { token });
  clients.push(client);
  return client;
}

describe('CH-3 DeskService', () => {
  it('sets a presence, fills the place at once, and shows the desk', async () => {
    const client = await as({ organisationId: 'acme' });
    await desks.put('acme', '341.1.w', { count: 1, chatId: '341.1.w:1', want: aWant() });
    await desks.hearRequests(request('341.1.x:1', personWanted(OfferManner.OFFER_MANNER_ROUND_ROBIN)));

    const { operator } = await client.setPresence({ operatorId: 'ann', presence: Presence.PRESENCE_AVAILABLE });

    expect(operator).toEqual({
      operatorId: 'ann',
      presence: Presence.PRESENCE_AVAILABLE,
      limit: 0,
      load: 1,
      departmentIds: ['sales'],
      since: clock.now(),
      autoAway: false,
    });
    const { operators, queues } = await client.getDesk({});
    expect(operators.map(({ operatorId, limit, load }) => [operatorId, limit, load])).toEqual([
      ['ann', 0, 1],
      ['bob', 3, 0],
    ]);
    expect(queues).toEqual([{ departmentId: 'sales', waiting: 1, oldestSince: aWant().since }]);
  });

  it('shows who went away for want of a sign of life', async () => {
    const client = await as({ organisationId: 'acme', operatorId: 'bob' });
    await client.setPresence({ operatorId: 'bob', presence: Presence.PRESENCE_BUSY });
    await clock.advance(AWAY_MS / 2);
    expect((await client.heartbeat({ operatorId: 'bob' })).operator).toMatchObject({
      presence: Presence.PRESENCE_BUSY,
    });

    await clock.advance((AWAY_MS * 4) / 3);
    await desks.fireDue();

    const { operator } = await client.heartbeat({ operatorId: 'bob' });
    expect(operator).toMatchObject({ presence: Presence.PRESENCE_AWAY, autoAway: true });
  });

  it.each<[string, Partial<SetPresenceRequest>, string[]]>([
    ['an empty operator', { operatorId: '', presence: Presence.PRESENCE_BUSY }, ['operator_id']],
    ['an operator that is no id', { operatorId: 'Olga!', presence: Presence.PRESENCE_BUSY }, ['operator_id']],
    ['no presence', { operatorId: 'ann', presence: Presence.PRESENCE_UNSPECIFIED }, ['presence']],
    ['a presence there is not', { operatorId: 'ann', presence: 9 as Presence }, ['presence']],
    [
      'everything at once',
      { operatorId: '', presence: Presence.PRESENCE_UNSPECIFIED, organisationId: 'A B' },
      ['operator_id', 'presence', 'organisation_id'],
    ],
  ])('names what is wrong with %s', async (_name, call, fields) => {
    const client = await as({ organisationId: 'acme' });

    const refusal = await client.setPresence(call).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ kind: 'invalid', code: 'routing.invalid-request' });
    expect((refusal as { violations: { field: string }[] }).violations.map(({ field }) => field)).toEqual(fields);
  });

  it.each([
    [
      'another operator’s token',
      { organisationId: 'acme', operatorId: 'ann' },
      'bob',
      'forbidden',
      'routing.other-operator',
    ],
    ['another organisation’s token', { organisationId: 'globex' }, 'ann', 'not-found', 'routing.operator-not-found'],
    ['an operator who was taken away', { organisationId: 'acme' }, 'gone', 'not-found', 'routing.operator-not-found'],
    ['an operator nobody knows', { organisationId: 'acme' }, 'zoe', 'not-found', 'routing.operator-not-found'],
    [
      'a token that may only read',
      { organisationId: 'acme', scope: 'routing.desks:read' },
      'ann',
      'forbidden',
      'auth.missing-scope',
    ],
    ['a service that names no organisation', {}, 'ann', 'invalid', 'routing.invalid-request'],
  ] as const)('refuses %s', async (_name, claims, operatorId, kind, code) => {
    const client = await as(claims);

    await expect(client.heartbeat({ operatorId })).rejects.toMatchObject({ kind, code });
    await expect(client.setPresence({ operatorId, presence: Presence.PRESENCE_AWAY })).rejects.toMatchObject({
      kind,
      code,
    });
  });

  it('shows another organisation an empty desk, and lets a service name one', async () => {
    expect((await (await as({ organisationId: 'globex' })).getDesk({})).operators).toEqual([]);
    expect((await (await as({})).getDesk({ organisationId: 'acme' })).operators).toHaveLength(2);
    await expect((await as({ organisationId: 'globex' })).getDesk({ organisationId: 'acme' })).rejects.toMatchObject({
      code: 'routing.other-organisation',
    });
  });
});
