import { createGraphClient, type GraphClient } from '@switchboard/graph-api';
import { createSimulator, type Simulator } from '@switchboard/meta-simulator';
import { eventually } from '@switchboard/testing';
import { createCloudApi } from '../src/adapters/meta/cloud-api.js';
import { createWorld, messageId, replyQueued, type World } from './support/world.js';

/** TX-5 with the simulator as Meta, over HTTP: what it answers, and what follows. */

const M1 = messageId(1);

let simulator: Simulator;
let graph: GraphClient;
beforeEach(async () => {
  simulator = createSimulator({
    numbers: [{ phone_number_id: '555', waba_id: '1', display_phone_number: '15550140077' }],
    accessTokens: ['valid'],
    limits: { window: 'off' },
  });
  const { url } = await simulator.start();
  graph = createGraphClient({ baseUrl: url, version: 'v23.0' });
});
afterEach(async () => {
  await graph.close();
  await simulator.stop();
});

describe('TX-5 a refusal of the simulator', () => {
  it.each([130_429, 131_000, 131_016, 1])('%i once: the message goes at the second attempt', async (code) => {
    const world = await oneProcess();
    simulator.control.orderFailure({ code, phone_number_id: '555' });

    await world.queue(1, 2);
    await attempted(world, 1);
    expect(world.message(M1)).toMatchObject({
      state: 'accepted',
      attempts: [{ outcome: { kind: 'withdrawn', error: { code } } }],
    });
    await world.clock.advance(1_000);

    await eventually(() => {
      expect(arrived()).toEqual([`${M1}:2`, `${messageId(2)}:1`]);
    });
  });

  it('190: what is accepted waits for a token that Meta takes', async () => {
    const world = await oneProcess();
    world.tokenOf = () => Promise.resolve('expired');
    await world.queue(1, 2);
    await attempted(world, 1);
    await eventually(() => {
      expect(world.held).toEqual({ slow: 0, stopped: 1 });
    });

    world.tokenOf = () => Promise.resolve('valid');
    world.numbers.set('555', { organisation: 'acme', version: 2, sending: 'allowed', waba: 'w' });
    await world.clock.advance(5_000);

    await eventually(() => {
      expect(arrived()).toEqual([`${M1}:2`, `${messageId(2)}:1`]);
    });
    expect(world.message(M1).attempts[0]?.outcome).toMatchObject({ kind: 'withdrawn', error: { code: 190 } });
  });

  it('131026: the message has failed, and the next one goes', async () => {
    const world = await oneProcess();
    simulator.control.orderFailure({ code: 131_026, phone_number_id: '555' });

    await world.queue(1, 2);

    await eventually(() => {
      expect(arrived()).toEqual([`${messageId(2)}:1`]);
    });
    expect(world.message(M1)).toMatchObject({
      state: 'failed',
      attempts: [{ outcome: { kind: 'rejected', error: { code: 131_026 }, remedy: 'reach this person another way' } }],
    });
  });
});

const arrived = (): (string | undefined)[] =>
  simulator.control.messages({ phone_number_id: '555' }).messages.map((message) => message.biz_opaque_callback_data);

/** The number of attempts of the first message whose answer is folded. */
const attempted = (world: Pick<World, 'message'>, count: number): Promise<void> =>
  eventually(() => {
    expect(world.message(M1).attempts.filter(({ outcome }) => outcome)).toHaveLength(count);
  });

async function oneProcess() {
  const world = createWorld();
  const { send } = createCloudApi(graph);
  world.meta = send;
  world.tokenOf = () => Promise.resolve('valid');
  const process = world.start();
  process.own();
  await world.settled();
  const queue = (...sequences: number[]): Promise<void> =>
    process.hearThreads(...sequences.map((sequence) => replyQueued(world.clock.now(), sequence)));
  return Object.assign(world, { queue });
}
