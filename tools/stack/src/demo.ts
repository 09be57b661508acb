import { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { BillingServiceService, WalletKind } from '@switchboard/contracts/billing/v1/billing_service';
import { PricingServiceService } from '@switchboard/contracts/billing/v1/pricing_service';
import { IngressServiceService } from '@switchboard/contracts/ingress/v1/ingress_service';
import { MediaServiceService } from '@switchboard/contracts/egress/v1/media_service';
import { MessageServiceService } from '@switchboard/contracts/egress/v1/message_service';
import { BotServiceService } from '@switchboard/contracts/routing/v1/bot_service';
import { BrandSettingsServiceService } from '@switchboard/contracts/routing/v1/brand_settings_service';
import { ChatServiceService } from '@switchboard/contracts/routing/v1/chat_service';
import { CustomerServiceService } from '@switchboard/contracts/routing/v1/customer_service';
import { DeskServiceService } from '@switchboard/contracts/routing/v1/desk_service';
import { TemplateServiceService } from '@switchboard/contracts/template/v1/template_service';
import { TimerServiceService } from '@switchboard/contracts/timer/v1/timer_service';
import { grpcClient, signToken } from '@switchboard/grpc';
import { demoNumber } from './plan.js';
import type { RunningStack } from './stack.js';

/** The organisation that a run on one machine is shown with. */
export const demo = {
  organisationId: 'demo',
  brandId: 'demo-brand',
  departmentId: 'demo-sales',
  wabaId: demoNumber.wabaId,
  phoneNumberId: demoNumber.phoneNumberId,
  walletId: 'demo-messages',
} as const;

const YEAR_SECONDS = 365 * 86_400;

/** A token of an internal service, good for every demo call. */
export const demoToken = (stack: RunningStack): Promise<string> =>
  signToken(stack.secrets.jwtSecret, { subject: 'demo', scope: '*', ttlSeconds: YEAR_SECONDS });

/** Typed clients of all services of a run. */
export function clientsOf(stack: RunningStack, token: string) {
  const options = { token, deadlineMs: 15_000 };
  const clients = {
    accounts: grpcClient(AccountServiceService, stack.grpc('account'), options),
    ingress: grpcClient(IngressServiceService, stack.grpc('ingress'), options),
    chats: grpcClient(ChatServiceService, stack.grpc('routing'), options),
    settings: grpcClient(BrandSettingsServiceService, stack.grpc('routing'), options),
    desks: grpcClient(DeskServiceService, stack.grpc('routing'), options),
    bots: grpcClient(BotServiceService, stack.grpc('routing'), options),
    customers: grpcClient(CustomerServiceService, stack.grpc('routing'), options),
    messages: grpcClient(MessageServiceService, stack.grpc('egress'), options),
    files: grpcClient(MediaServiceService, stack.grpc('egress'), options),
    timers: grpcClient(TimerServiceService, stack.grpc('timer'), options),
    billing: grpcClient(BillingServiceService, stack.grpc('billing'), options),
    templates: grpcClient(TemplateServiceService, stack.grpc('template'), options),
    prices: grpcClient(PricingServiceService, stack.grpc('billing'), options),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.close();
    },
  };
}

export type StackClients = ReturnType<typeof clientsOf>;

/** Makes the demo organisation with its number. Safe to repeat. */
export async function createDemo({ accounts, billing }: Pick<StackClients, 'accounts' | 'billing'>): Promise<void> {
  const { organisationId, brandId, departmentId, phoneNumberId, wabaId } = demo;
  await accounts.createOrganisation({ organisationId, name: 'Demo Trading' });
  await accounts.createBrand({ organisationId, brandId, name: 'Demo' });
  await accounts.createDepartment({ brandId, departmentId, name: 'Sales' });
  await accounts.registerNumber({
    phoneNumberId,
    wabaId,
    portfolioId: '9001',
    displayPhoneNumber: `+${demoNumber.display}`,
    verifiedName: 'Demo Trading',
    metaToken: 'demo-token',
  });
  await accounts.connectNumber({ phoneNumberId, brandId, departmentId });
  // Its only standalone wallet, so that it pays for all that its numbers send.
  const { walletId } = demo;
  const kind = WalletKind.WALLET_KIND_STANDALONE;
  await billing.createWallet({ walletId, organisationId, name: 'Messages', kind });
  await billing.grantCredits({ walletId, credits: 10_000, reason: 'to try it with', idempotencyKey: 'demo' });
}
