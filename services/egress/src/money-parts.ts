import { BillingServiceService } from '@switchboard/contracts/billing/v1/billing_service';
import { billingNumbers } from '@switchboard/contracts/topics';
import { grpcClient, type GrpcClientOptions } from '@switchboard/grpc';
import { createTable, type KafkaClient } from '@switchboard/kafka';
import { type Component } from '@switchboard/service-kit';
import { createHolds } from './adapters/grpc/holds.js';
import { createPayers } from './adapters/kafka/payers.js';
import { type Money } from './use-cases/money/ports.js';

export interface MoneyParts {
  readonly money: Money;
  readonly topics: readonly (typeof billingNumbers)[];
  /** To be started before anything is sent. */
  readonly parts: readonly Component[];
  readonly close: () => void;
}

/** Billing: who pays for numbers, and holds; nothing where none is installed. */
export function createMoneyParts(
  kafka: KafkaClient,
  { address, token }: { readonly address: string; readonly token: GrpcClientOptions['token'] },
): MoneyParts {
  if (address === '') return { money: undefined, topics: [], parts: [], close: () => undefined };
  const table = createTable(kafka, { topic: billingNumbers, version: ({ revision }) => revision });
  const billing = grpcClient(BillingServiceService, address, { token });
  return {
    money: { payers: createPayers(table), holds: createHolds(billing, () => performance.now()) },
    topics: [billingNumbers],
    parts: [table],
    close: billing.close,
  };
}
