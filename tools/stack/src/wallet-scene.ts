import { WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { demo, type StackClients } from './demo.js';
import type { Say } from './log.js';
import { pause } from './process.js';

const MICROS = 1_000_000;
const usd = (micros: bigint): string => `${(Number(micros) / MICROS).toFixed(4)} USD`;

/** Credits are granted, a price is looked up, held and charged, and the ledger is added up anew. Safe to repeat. */
export async function playWalletScene({ billing, prices }: StackClients, say: Say): Promise<void> {
  const { organisationId, brandId, phoneNumberId } = demo;
  const walletId = 'demo-wallet';
  const about = { kind: WalletKind.WALLET_KIND_BUNDLE, services: ['demo'] };
  await billing.createWallet({ walletId, organisationId, name: 'Demo', ...about });
  await billing.grantCredits({ walletId, credits: 5, reason: 'to try it with', idempotencyKey: 'scene' });
  const { amountMicros, market, rateSince } = await prices.getPrice({ phone: '5511987654321', category: 'marketing' });
  say(`price      a marketing template to ${market} costs ${usd(amountMicros)} since ${rateSince}`);

  const holdId = `scene-${Date.now()}`;
  const message = { phoneNumberId, brandId, country: 'BR', market, category: 'marketing', userInitiated: false };
  const { outcomes } = await billing.holdBatch({
    walletId,
    holds: [{ holdId, amountMicros, message, memo: 'scene', recipient: undefined }],
  });
  if (!outcomes[0]?.held) throw new Error(`the scene could not hold: ${outcomes[0]?.reason ?? 'no answer'}`);
  await billing.settleBatch({ walletId, settlements: [{ holdId, amountMicros }] });
  const { wallet } = await billing.getWallet({ walletId });
  const { holds, entries } = await billing.prove({ walletId });
  if (!holds) throw new Error('the ledger of the demo wallet does not add up');
  say(`wallet     held, then charged; ${usd(wallet?.availableMicros ?? 0n)} are left, and ${entries} entries add up`);
}

/** What a template message costs is held from the wallet of the organisation, and charged when it is delivered. */
export async function playPaidScene({ billing }: StackClients, messageId: string, say: Say): Promise<void> {
  const { walletId } = demo;
  for (let tries = 0; ; tries += 1) {
    const { entries } = await billing.listEntries({ walletId, reference: `${messageId}:1`, kinds: ['settle'] });
    const [entry] = entries;
    if (entry) {
      const { category = '', market = '' } = entry.message ?? {};
      say(`paid       a ${category} template to ${market} was delivered: ${usd(entry.amountMicros)} of ${walletId}`);
      return;
    }
    if (tries >= 120) throw new Error('the scene waited in vain until its template message was paid');
    await pause(250);
  }
}
