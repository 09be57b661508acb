import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** ISO 3166 of a phone (digits with country code): tells the countries of +1 and +7 apart. Empty when it tells none. */
export const countryOf = (phone: string): string => parsePhoneNumberFromString(`+${phone}`)?.country ?? '';
