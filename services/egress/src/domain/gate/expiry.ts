import { type Refusal } from './refusal.js';

export const refusedByExpiry = (expiresAt: Date | undefined, now: Date): Refusal | undefined =>
  expiresAt && expiresAt <= now ? expired : undefined;

export const expired: Refusal = {
  code: 'egress.expired',
  reason: 'the time in which it was worth sending is over',
  remedy: 'send it anew with a later time, if it is still worth it',
  field: 'expires_at',
};
