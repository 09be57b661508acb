import { countryOfArea } from './area-codes.js';

/** Calling codes by country, longest first where one begins another. What is not here counts as United States. */
// prettier-ignore
const callingCodes: readonly (readonly [code: string, country: string])[] = [
  ['351', 'PT'], ['353', 'IE'], ['358', 'FI'], ['380', 'UA'], ['420', 'CZ'], ['593', 'EC'], ['598', 'UY'], ['852', 'HK'],
  ['880', 'BD'], ['966', 'SA'], ['971', 'AE'], ['972', 'IL'], ['212', 'MA'], ['213', 'DZ'], ['233', 'GH'], ['234', 'NG'],
  ['254', 'KE'], ['20', 'EG'], ['27', 'ZA'], ['30', 'GR'], ['31', 'NL'], ['32', 'BE'], ['33', 'FR'], ['34', 'ES'],
  ['36', 'HU'], ['39', 'IT'], ['40', 'RO'], ['41', 'CH'], ['43', 'AT'], ['44', 'GB'], ['45', 'DK'], ['46', 'SE'],
  ['47', 'NO'], ['48', 'PL'], ['49', 'DE'], ['51', 'PE'], ['52', 'MX'], ['54', 'AR'], ['55', 'BR'], ['56', 'CL'],
  ['57', 'CO'], ['58', 'VE'], ['60', 'MY'], ['61', 'AU'], ['62', 'ID'], ['63', 'PH'], ['64', 'NZ'], ['65', 'SG'],
  ['66', 'TH'], ['7', 'RU'], ['81', 'JP'], ['82', 'KR'], ['84', 'VN'], ['86', 'CN'], ['90', 'TR'], ['91', 'IN'],
  ['92', 'PK'], ['94', 'LK'], ['98', 'IR'],
];

/** ISO 3166 alpha-2 of a phone number's country. */
export const countryOf = (digits: string): string =>
  digits.startsWith('1')
    ? countryOfArea(digits)
    : (callingCodes.find(([code]) => digits.startsWith(code))?.[1] ?? 'US');
