import { ANA, PHONE, stopAll, world } from './support/world.js';

afterEach(stopAll);

const path = `/v25.0/${PHONE}/block_users`;
const users = (...given: object[]) => ({ messaging_product: 'whatsapp', block_users: given });

it('a blocked customer is not heard, until they are unblocked', async () => {
  const { call, control, clock, webhook } = await world();
  const write = async (): Promise<number> => {
    control.write(ANA, { text: 'hello' });
    await clock.advance(0);
    return webhook.received.length;
  };
  expect(await write()).toBe(1);

  const added = await call('POST', path, users({ user: `+${ANA}` }));
  expect(added.body).toMatchObject({ block_users: { added_users: [{ input: `+${ANA}`, wa_id: ANA }] } });
  expect(await write()).toBe(1);
  expect((await call('GET', path)).body).toMatchObject({ data: [{ wa_id: ANA }] });

  const removed = await call('DELETE', path, users({ user: ANA }));
  expect(removed.body).toMatchObject({ block_users: { removed_users: [{ wa_id: ANA }] } });
  expect(await write()).toBe(2);
});

it('cannot be written to either', async () => {
  const { call, control } = await world();
  control.write(ANA, { text: 'hello' });
  await call('POST', path, users({ user: ANA }));

  const sent = await call('POST', `/v25.0/${PHONE}/messages`, {
    messaging_product: 'whatsapp',
    to: ANA,
    type: 'text',
    text: { body: 'Hi' },
  });

  expect(sent.body.error.code).toBe(131_026);
});

it('only who wrote in the last 24 hours can be blocked, and each is told by itself', async () => {
  const { call, control, clock } = await world();
  control.write(ANA, { text: 'hello' });

  const { body } = await call('POST', path, users({ user: ANA }, { user: '12025550199' }));
  expect(body).toMatchObject({
    block_users: {
      added_users: [{ wa_id: ANA }],
      failed_users: [{ input: '12025550199', errors: [{ code: 131_047 }] }],
    },
    errors: { code: 139_100 },
  });

  await call('DELETE', path, users({ user: ANA }));
  await clock.advance(24 * 3_600_000);
  expect((await call('POST', path, users({ user: ANA }))).body).toMatchObject({ block_users: { added_users: [] } });
});

it('refuses a list of nobody, and a number that there is not', async () => {
  const { call } = await world();

  expect((await call('POST', path, users())).body.error.code).toBe(100);
  expect((await call('POST', '/v25.0/1/block_users', users({ user: ANA }))).status).toBe(400);
});
