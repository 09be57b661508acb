import {
  type BillingServiceServer,
  type HoldOutcome as HoldOutcomeProto,
} from '@switchboard/contracts/billing/v1/billing_service';
import { unary } from '@switchboard/grpc';
import { categories, isCategory } from '../../domain/prices/rates.js';
import { type HoldOutcome } from '../../domain/wallet/inputs.js';
import { type SpendUseCases } from '../../use-cases/spend.js';
import { tenantOf } from './callers.js';
import { batchRule, holdIdRule, refuse, uniqueRule, walletRule } from './requests.js';
import { costFromProto, outcomeToProto, refusals } from './views.js';

const MAX_MICROS = 1_000_000_000_000n;

/** Prices put aside, charged, given back (BL-6, BL-8). */
export const holdCalls = (
  spend: SpendUseCases,
): Pick<BillingServiceServer, 'holdBatch' | 'settleBatch' | 'releaseBatch'> => ({
  holdBatch: unary(async ({ walletId, holds }, call) => {
    refuse([
      walletRule(walletId),
      batchRule('holds', holds.length),
      uniqueRule(
        'holds',
        holds.map(({ holdId }) => holdId),
      ),
      ...holds.flatMap(({ holdId, amountMicros, message, recipient, memo }, at) => [
        holdIdRule(`holds[${at}].hold_id`, holdId),
        [
          `holds[${at}].amount_micros`,
          (amountMicros > 0n && amountMicros <= MAX_MICROS) || (amountMicros === 0n && recipient !== undefined),
          'must be above 0 and at most 1,000,000 USD, or 0 with a recipient; hold only what costs',
        ] as const,
        [
          `holds[${at}].message.category`,
          recipient === undefined || (amountMicros === 0n && isCategory(message?.category ?? '')),
          `must be one of ${categories.join(', ')} where the price is looked up, and the amount 0; set it`,
        ] as const,
        [`holds[${at}].memo`, memo.length <= 200, 'must be up to 200 characters; shorten it'] as const,
      ]),
    ]);
    const asked = holds.map(({ holdId: id, amountMicros: amount, message, recipient, memo }) => ({
      id,
      amount,
      message: costFromProto(message),
      recipient,
      memo,
    }));
    const { outcomes, available } = await spend.holdBatch(tenantOf(call), call.caller.subject, walletId, asked);
    return { outcomes: outcomes.map(holdToProto), availableMicros: available };
  }),
  settleBatch: unary(async ({ walletId, settlements }, call) => {
    refuse([
      walletRule(walletId),
      batchRule('settlements', settlements.length),
      uniqueRule(
        'settlements',
        settlements.map(({ holdId }) => holdId),
      ),
      ...settlements.map(({ holdId }, at) => holdIdRule(`settlements[${at}].hold_id`, holdId)),
    ]);
    const asked = settlements.map(({ holdId: id, amountMicros: amount }) => ({ id, amount }));
    const outcomes = await spend.settleBatch(tenantOf(call), call.caller.subject, walletId, asked);
    return { outcomes: outcomes.map(outcomeToProto) };
  }),
  releaseBatch: unary(async ({ walletId, holdIds }, call) => {
    refuse([
      walletRule(walletId),
      batchRule('hold_ids', holdIds.length),
      uniqueRule('hold_ids', holdIds),
      ...holdIds.map((holdId, at) => holdIdRule(`hold_ids[${at}]`, holdId)),
    ]);
    const outcomes = await spend.releaseBatch(tenantOf(call), call.caller.subject, walletId, holdIds);
    return { outcomes: outcomes.map(outcomeToProto) };
  }),
});

const nothing = { held: false, code: '', reason: '', remedy: '', amountMicros: 0n };

const holdToProto = (outcome: HoldOutcome): HoldOutcomeProto =>
  outcome.held
    ? { ...nothing, holdId: outcome.id, held: true, amountMicros: outcome.amount }
    : { ...nothing, holdId: outcome.id, code: `billing.${outcome.refusal}`, ...refusals[outcome.refusal] };
