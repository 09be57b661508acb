import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { type Address } from '../address.js';
import { type Refusal } from './refusal.js';

/** Whether Meta's pause is followed, or the installation says that Meta has lifted it. */
export type UsMarketing = 'paused' | 'allowed';

/**
 * Since then Meta delivers no marketing template to +1 numbers with a US area code; status `failed`, 131049. Source: Meta,
 * *Pricing updates on the WhatsApp Business Platform* (2025-04-01); no end is announced.
 */
const US_PAUSE_FROM = new Date('2025-04-01T00:00:00Z');

/** What a marketing template needs beside being approved. */
export function refusedAsMarketing(
  recipient: Address,
  { hasStopped, usMarketing, now }: { hasStopped: boolean; usMarketing: UsMarketing; now: Date },
): Refusal | undefined {
  if (hasStopped) return optedOut;
  return usMarketing === 'paused' && now >= US_PAUSE_FROM && isInTheUs(recipient) ? usPaused : undefined;
}

/**
 * Canada and the Caribbean share +1 and have area codes of their own. Where the phone is hidden, the user id begins with
 * the country of it.
 */
function isInTheUs({ phone, userId }: Address): boolean {
  if (phone === undefined) return userId?.startsWith('US.') ?? false;
  return parsePhoneNumberFromString(`+${phone}`)?.country === 'US';
}

export const optedOut: Refusal = {
  code: 'egress.opted-out',
  reason: 'the customer has stopped marketing messages of this business',
  remedy: 'send nothing promotional until the customer resumes them in WhatsApp',
  field: 'recipient',
};

const usPaused: Refusal = {
  code: 'egress.us-marketing-paused',
  reason: 'Meta does not deliver marketing templates to numbers of the United States at present',
  remedy: 'send a utility template, or wait until Meta lifts the pause and US_MARKETING says so',
  field: 'recipient',
};
