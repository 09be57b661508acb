import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BillingServiceService, WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { topics } from '@switchboard/contracts/topics';
import { grpcClient, signToken } from '@switchboard/grpc';
import { connectKafka, ensureTopics, topicSpec } from '@switchboard/kafka';
import { jwtSecret } from '@switchboard/testing';
import { type Figure, interleaved, median, percentile, startSubject } from '../harness.ts';
import { PARTITIONS, withInfrastructure } from '../infrastructure.ts';

const ROUNDS = 3;
const AT_ONCE = 100;
const CHARGES = 4_000;
/** The first way of writing it is slow. */
const NAIVE_CHARGES = 1_000;
const DOUBLE_CHARGES = 100_000;

/** B1, B2, and how long a hold takes while a hundred senders ask one wallet. */
export const billingFigures = async (): Promise<Figure[]> => [...(await hotWallet()), await double()];

/** Billing on core 0; MongoDB, Kafka and the callers on the other. The first way has no gRPC and no Kafka to carry. */
const hotWallet = (): Promise<Figure[]> =>
  withInfrastructure(async ({ brokers, mongoUrl }) => {
    const kafka = connectKafka({ brokers: [...brokers], clientId: 'bench' });
    await ensureTopics(
      kafka,
      topics.map((topic) => topicSpec(topic, { partitions: PARTITIONS, replication: 1 })),
    );
    const script = join(import.meta.dirname, 'service.ts');
    const subject = await startSubject(script, [brokers.join(','), mongoUrl, 'bench-billing']);
    const token = await signToken(jwtSecret, { subject: 'egress', scope: 'billing.*', ttlSeconds: 3_600 });
    const billing = grpcClient(BillingServiceService, `127.0.0.1:${String(subject.hello['grpc'])}`, { token });
    const naive = await startNaive(mongoUrl);
    const walletId = 'w';
    const about = { walletId, organisationId: 'bench', name: 'Hot', services: [] };
    await billing.createWallet({ ...about, kind: WalletKind.WALLET_KIND_STANDALONE });
    await billing.grantCredits({ walletId, credits: 1_000_000, reason: 'bench', idempotencyKey: 'k' });
    const times: number[] = [];
    let made = 0;

    async function hold(): Promise<void> {
      const began = performance.now();
      const holds = [
        { holdId: `m-${(made += 1)}:1`, amountMicros: 61_800n, message: undefined, memo: '', recipient: undefined },
      ];
      const { outcomes } = await billing.holdBatch({ walletId, holds });
      if (!outcomes[0]?.held) throw new Error('a hold was refused');
      times.push(performance.now() - began);
    }

    try {
      const { ours = NaN, theirs = NaN } = await interleaved(ROUNDS, {
        ours: async () => {
          let left = CHARGES;
          const began = performance.now();
          await Promise.all(
            Array.from({ length: AT_ONCE }, async () => {
              while ((left -= 1) >= 0) await hold();
            }),
          );
          return (CHARGES / (performance.now() - began)) * 1_000;
        },
        theirs: async () => (NAIVE_CHARGES / (await naive.charge(NAIVE_CHARGES))) * 1_000,
      });
      const warm = times.slice(CHARGES);
      const cost = { unit: 'ms', isCost: true, floor: 250, goal: 100 } as const;
      const what = `a hold, ${AT_ONCE} senders on one wallet`;
      return [
        {
          id: 'B1',
          what: 'charges on one wallet, one call each, against a transaction per charge',
          value: ours / theirs,
          unit: '×',
          floor: 8,
          goal: 33,
          detail: `${ours.toFixed(0)}/s against ${theirs.toFixed(0)}/s`,
        },
        { id: 'B1', what: `${what}: p50`, value: percentile(warm, 50), ...cost },
        { id: 'B1', what: `${what}: p99`, value: percentile(warm, 99), ...cost },
      ];
    } finally {
      naive.stop();
      billing.close();
      await subject.stop();
    }
  });

async function startNaive(mongoUrl: string) {
  const script = join(import.meta.dirname, 'naive.ts');
  const command = process.platform === 'linux' ? ['taskset', '-c', '0', process.execPath] : [process.execPath];
  const args = [...command.slice(1), script, mongoUrl, 'bench-naive', String(AT_ONCE)];
  const child = spawn(command[0]!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return {
    async charge(count: number): Promise<number> {
      const line = once(lines, 'line');
      child.stdin.write(`${count}\n`);
      const [said] = (await line) as [string];
      return (JSON.parse(said) as { ms: number }).ms;
    },
    stop: () => child.kill('SIGTERM'),
  };
}

/** B2: nothing but the wallet itself, on one core. */
async function double(): Promise<Figure> {
  const script = join(import.meta.dirname, 'double.ts');
  const perSecond: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const subject = await startSubject(script, [String(DOUBLE_CHARGES)]);
    perSecond.push((DOUBLE_CHARGES / Number(subject.hello['ms'])) * 1_000);
  }
  return {
    id: 'B2',
    what: 'charges a second on one wallet, one core, against the in-memory store',
    value: median(perSecond.slice(1)),
    unit: '',
    floor: 8_000,
    goal: 16_000,
  };
}
