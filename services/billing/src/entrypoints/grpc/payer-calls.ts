import { type BillingServiceServer } from '@switchboard/contracts/billing/v1/billing_service';
import { unary } from '@switchboard/grpc';
import { type PayerUseCases } from '../../use-cases/payers.js';
import { organisationOf, tenantOf } from './callers.js';
import { brandRule, numberRule, organisationRule, refuse, type Rule, timeZoneRule, walletRule } from './requests.js';
import { payerToProto } from './views.js';

const mayBeWallet = (walletId: string): Rule => (walletId === '' ? ['wallet_id', true, ''] : walletRule(walletId));

/** Who pays for numbers and brands (BL-6, ON-7). */
export const payerCalls = (
  payers: PayerUseCases,
): Pick<BillingServiceServer, 'putNumber' | 'putBrand' | 'getNumber'> => ({
  putNumber: unary(async ({ phoneNumberId, walletId, timeZone }, call) => {
    refuse([numberRule(phoneNumberId), mayBeWallet(walletId), timeZoneRule(timeZone)]);
    const payer = await payers.putNumber(tenantOf(call), phoneNumberId, walletId, timeZone || 'UTC');
    return { number: payerToProto(phoneNumberId, payer) };
  }),
  putBrand: unary(async ({ organisationId, brandId, walletId }, call) => {
    const organisation = organisationOf(call, organisationId);
    refuse([organisationRule(organisation), brandRule(brandId), mayBeWallet(walletId)]);
    await payers.putBrand(organisation, brandId, walletId);
    return {};
  }),
  getNumber: unary(async ({ phoneNumberId }, call) => {
    refuse([numberRule(phoneNumberId)]);
    return { number: payerToProto(phoneNumberId, await payers.getNumber(tenantOf(call), phoneNumberId)) };
  }),
});
