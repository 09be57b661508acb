import { aCount, anAddress, aText, aTextOrNone, demand, type Problem } from './problem.js';

export interface ContactCard {
  readonly formattedName: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phones: readonly ContactPhone[];
  readonly email?: string;
  readonly organisation?: string;
  readonly url?: string;
}

export interface ContactPhone {
  /** As it is shown. */
  readonly phone: string;
  /** With it the card has a button to write to them. */
  readonly waId?: string;
  /** For example `CELL`; empty = none. */
  readonly type: string;
}

export interface ContactsContent {
  readonly kind: 'contacts';
  readonly cards: readonly ContactCard[];
}

export const MAX_CARDS = 257;

/** Source: Meta, *Contacts messages*. */
export const contactsProblems = ({ cards }: ContactsContent): Problem[] => [
  ...aCount('content.contacts.cards', cards.length, MAX_CARDS, 'cards'),
  ...cards.flatMap((card, index) => cardProblems(`content.contacts.cards[${index}]`, card)),
];

function cardProblems(at: string, card: ContactCard): Problem[] {
  const { formattedName, firstName, lastName, phones, email, organisation, url } = card;
  return [
    ...aText(`${at}.formatted_name`, formattedName),
    ...demand(
      [firstName, lastName].some(Boolean),
      `${at}.first_name`,
      'must be there, or last_name: Meta wants one of them beside formatted_name',
      'set one',
    ),
    ...aTextOrNone(`${at}.first_name`, firstName),
    ...aTextOrNone(`${at}.last_name`, lastName),
    ...phones.flatMap(({ phone, waId, type }, index) => [
      ...aText(`${at}.phones[${index}].phone`, phone),
      ...demand(
        waId === undefined || /^[1-9]\d{4,14}$/.test(waId),
        `${at}.phones[${index}].wa_id`,
        'must be 5 to 15 digits with country code, without +',
        'correct it, or leave it out',
      ),
      ...aTextOrNone(`${at}.phones[${index}].type`, type),
    ]),
    ...demand(
      email === undefined || /^[^\s@]+@[^\s@]+$/.test(email),
      `${at}.email`,
      'must be an e-mail address',
      'correct it, or leave it out',
    ),
    ...aTextOrNone(`${at}.email`, email),
    ...aTextOrNone(`${at}.organisation`, organisation),
    ...(url === undefined ? [] : anAddress(`${at}.url`, url)),
  ];
}
