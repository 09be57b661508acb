import { type Refusal } from './refusal.js';

export const refusedByCustomer = (isBlocked: boolean): Refusal | undefined => (isBlocked ? blocked : undefined);

const blocked: Refusal = {
  code: 'egress.customer-blocked',
  reason: 'the customer is blocked',
  remedy: 'unblock the customer, then send again',
  field: 'recipient',
};
