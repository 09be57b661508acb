import { createHash } from 'node:crypto';
import { countryOf } from './countries.js';

export type Ids = ReturnType<typeof createIds>;

/**
 * Ids in the form Meta gives them. They hang on the seed and on the moment the simulation began, so a test that owns its
 * clock gets the same ids again, and a restarted process never repeats one.
 */
export function createIds(seed: string, beganMs: number) {
  let counter = 0;
  const next = (kind: string) => digest(`${seed}|${beganMs}|${kind}|${counter++}`);
  return {
    /** A message of a business. */
    outbound: (digits: string) => wamid(digits, 0x11, next('outbound').slice(0, 18)),
    /** A message of a customer. */
    inbound: (digits: string) => wamid(digits, 0x12, next('inbound').slice(0, 20)),
    /** Small enough for a number of JSON: webhooks carry it as one. */
    template: () => `1${decimals(next('template'), 14)}`,
    upload: () => next('upload').slice(0, 40),
    media: () => `1${decimals(next('media'), 15)}`,
    trace: () => `A${Buffer.from(next('trace'), 'hex').toString('base64url').slice(0, 22)}`,
    conversation: () => next('conversation').slice(0, 32).toLowerCase(),
    challenge: () => decimals(next('challenge'), 10),
  };
}

/** The user id of somebody with this phone in this portfolio. The same for ever; another phone is another id. */
export const userIdOf = (portfolioId: string, waId: string): string =>
  `${countryOf(waId)}.${decimals(digest(`${portfolioId}|${waId}`), 20)}`;

/** The user id that follows another one when the person's new phone may not be shown. */
export const nextUserIdOf = (userId: string): string => `${userId.slice(0, 2)}.${decimals(digest(userId), 20)}`;

// Real ids wrap the user's digits and a random part in a few constant bytes.
function wamid(digits: string, direction: number, unique: string): string {
  const bytes = [
    Buffer.from([0x1c, 0x18, digits.length]),
    Buffer.from(digits, 'latin1'),
    Buffer.from([0x15, 0x02, 0x00, direction, 0x18, unique.length]),
    Buffer.from(unique, 'latin1'),
    Buffer.from([0x00]),
  ];
  return `wamid.${Buffer.concat(bytes).toString('base64')}`;
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').toUpperCase();

const decimals = (hex: string, length: number) => BigInt(`0x${hex}`).toString().slice(-length);
