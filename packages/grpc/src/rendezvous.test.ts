import { IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { secret, serve, stopAll } from '../tests/support/serve.js';
import { grpcClient, signToken, unary } from './index.js';
import { heaviest } from './rendezvous.js';

afterEach(stopAll);

const keys = Array.from({ length: 40 }, (_, at) => `wallet-${at}`);

/** Three processes of one service, who each tell their name, and clients that know all of them in some order. */
async function cluster(names: readonly string[]) {
  const pods = await Promise.all(
    names.map((name) => serve({ listQuarantined: unary(() => Promise.resolve({ items: [], nextPageToken: name })) })),
  );
  const token = await signToken(secret, { subject: 's', scope: 'ingress.*', ttlSeconds: 60 });
  const addresses = pods.map(({ address }) => address);
  const connect = (order: readonly string[]) => grpcClient(IngressServiceService, order.join(','), { token });
  const clients = [connect(addresses), connect(addresses.toReversed())];
  return {
    pods,
    clients,
    close: () => {
      for (const client of clients) client.close();
    },
  };
}

type Client = Awaited<ReturnType<typeof cluster>>['clients'][number];

const answering = async (client: Client, key?: string): Promise<string> =>
  (await client.listQuarantined({}, key === undefined ? {} : { key })).nextPageToken;

/** After a while in which connections are made. */
async function settled(client: Client, pods: number): Promise<void> {
  for (let seen = new Set<string>(); seen.size < pods;) {
    seen = new Set();
    for (let call = 0; call < 2 * pods; call += 1) seen.add(await answering(client));
  }
}

const all = (client: Client) => Promise.all(keys.map((key) => answering(client, key)));

describe('calls with a key', () => {
  it('go to one process, whoever calls, and different keys to different ones', async () => {
    const { clients, close } = await cluster(['a', 'b', 'c']);
    const [one, other] = clients as [Client, Client];
    await settled(one, 3);
    await settled(other, 3);

    const chosen = await all(one);

    expect(await all(other)).toEqual(chosen);
    expect(await all(one)).toEqual(chosen);
    expect(new Set(chosen).size).toBe(3);
    close();
  });

  it('go elsewhere when it is gone; those of the others stay', async () => {
    const { clients, pods, close } = await cluster(['a', 'b', 'c']);
    const [client] = clients as [Client, Client];
    await settled(client, 3);
    const before = await all(client);

    await pods[1]?.server.stop();
    await settled(client, 2);

    const after = await all(client);
    expect(after).not.toContain('b');
    expect(after.map((name, at) => (before[at] === 'b' ? 'b' : name))).toEqual(before);
    close();
  });
});

it('calls without a key take turns', async () => {
  const { clients, close } = await cluster(['a', 'b']);
  const [client] = clients as [Client, Client];
  await settled(client, 2);

  const names: string[] = [];
  for (let call = 0; call < 4; call += 1) names.push(await answering(client));

  expect([names, names.toReversed()]).toContainEqual(['a', 'b', 'a', 'b']);
  close();
});

it('keys are spread evenly', () => {
  const children = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  const counts = new Map<string, number>();
  for (let key = 0; key < 4_000; key += 1) {
    const { name } = heaviest(children, String(key));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  expect(counts.size).toBe(4);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
