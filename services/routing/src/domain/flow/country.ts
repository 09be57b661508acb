import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Party } from '../party.js';

/** ISO 3166-1 alpha-2 of a customer: of the phone, else what the user id begins with; empty when neither tells. */
export function countryOf({ phone, userId }: Party): string {
  const ofPhone = phone === undefined ? undefined : parsePhoneNumberFromString(`+${phone.replace(/\D/g, '')}`)?.country;
  return ofPhone ?? /^([A-Z]{2})\./.exec(userId ?? '')?.[1] ?? '';
}
