import { WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { type BillingProcess, startInstallation } from './support/installation.js';

/** billing killed in the middle of spending, on real MongoDB and Kafka. */

const KILLS = Number(process.env['BILLING_KILLS'] ?? 3);
const CREDIT = 2_000_000n;
jest.setTimeout(600_000 + KILLS * 20_000);

it(`BL-8 spends exactly what there is while it is killed ${KILLS} times; BL-9 the proof holds`, async () => {
  const installation = await startInstallation('kills');
  try {
    let current: BillingProcess = await installation.startProcess();
    const walletId = `w-${Date.now()}`;
    {
      const { billing } = await current.as('egress');
      const about = { walletId, organisationId: 'org', name: 'Main', services: [] };
      await billing.createWallet({ ...about, kind: WalletKind.WALLET_KIND_STANDALONE });
      await billing.grantCredits({ walletId, credits: 1, reason: 'test', idempotencyKey: 'k' });
    }

    // 1,000 sends with credits for 100: each asks until it is answered, as egress does.
    const held = new Set<string>();
    const refused = new Set<string>();
    const over = new AbortController();
    const send = async (holdId: string): Promise<void> => {
      for (;;) {
        try {
          const { billing } = await current.as('egress');
          const holds = [{ holdId, amountMicros: CREDIT / 100n, message: undefined, memo: '', recipient: undefined }];
          const { outcomes } = await billing.holdBatch({ walletId, holds });
          (outcomes[0]?.held ? held : refused).add(holdId);
          return;
        } catch {
          await new Promise((resume) => setTimeout(resume, 50));
        }
      }
    };
    const sending = (async () => {
      for (let from = 0; from < 1_000; from += 20) {
        await Promise.all(Array.from({ length: 20 }, (_, index) => send(`send-${from + index}`)));
        // So that the kills fall into the middle.
        await new Promise((resume) => setTimeout(resume, KILLS * 8));
      }
      over.abort();
    })();
    for (let kills = 0; kills < KILLS && !over.signal.aborted; kills += 1) {
      await new Promise((resume) => setTimeout(resume, 100 + Math.random() * 300));
      await current.kill();
      current = await installation.startProcess();
    }
    await sending;

    const { billing } = await current.as('egress');
    const { wallet } = await billing.getWallet({ walletId });
    expect([held.size, refused.size]).toEqual([100, 900]);
    expect([wallet?.availableMicros, wallet?.heldMicros]).toEqual([0n, CREDIT]);
    expect(await billing.prove({ walletId })).toMatchObject({ holds: true, entries: 101n, faults: [] });
  } finally {
    await installation.stop();
  }
});
