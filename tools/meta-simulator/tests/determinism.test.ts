import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

describe('the seed', () => {
  it('decides everything: the same calls at the same times give the same webhooks, byte by byte', async () => {
    const [first, second, other] = [await play('seed-1'), await play('seed-1'), await play('seed-2')];

    expect(first.length).toBeGreaterThan(40);
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('gives each number luck of its own: traffic on one does not change the other', async () => {
    const [alone, beside] = [await play('seed-1'), await play('seed-1', true)];

    const ofFirst = (posts: string[]) => statusesOf(posts.filter((post) => post.includes(`"${PHONE}"`)));
    expect(ofFirst(beside)).toEqual(ofFirst(alone));
  });
});

/** What happened to the messages of one number, whatever their ids are. */
const statusesOf = (posts: string[]) => posts.flatMap((post) => post.match(/"status":"[a-z]+"/g) ?? []);

/** Twenty messages each way in a world of many faults; the bodies of the webhooks in the order they came. */
async function play(seed: string, besideAnother = false): Promise<string[]> {
  const { control, clock, text, send, webhook } = await world({
    seed,
    numbers: [
      { phone_number_id: PHONE, waba_id: '1', display_phone_number: '15550140077' },
      { phone_number_id: '22', waba_id: '1', display_phone_number: '15550140078' },
    ],
    limits: { pair: false },
    faults: { duplicates: 0.2, reorder: 0.3, drop_statuses: 0.2, read: 0.5, delivered: 0.8, server_errors: 0.1 },
  });
  for (let turn = 0; turn < 20; turn += 1) {
    control.write(ANA, { text: `question ${turn}` });
    await text(`answer ${turn}`);
    if (besideAnother) {
      control.write(ANA, { text: 'elsewhere', phone_number_id: '22' });
      await send({ to: ANA, text: { body: 'elsewhere' } }, '22');
    }
    await clock.advance(700);
  }
  await clock.advance(60_000);
  return webhook.received.map(({ raw }) => raw.toString());
}
