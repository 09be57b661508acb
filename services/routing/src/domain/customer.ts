import { mergeParty, type Party } from './party.js';

export type AliasKind = 'phone' | 'user_id' | 'parent_user_id';

/**
 * A name a customer has or had. It holds for inputs from the offset that made it to the offset that closed it, both
 * included: the input that changes a name is read with the old one and with the new one.
 */
export interface Alias {
  readonly kind: AliasKind;
  readonly value: string;
  readonly from: number;
  readonly to: number | null;
  readonly since: Date;
  readonly until: Date | null;
}

export interface Join {
  readonly into: string;
  /** The offset that showed it. */
  readonly at: number;
  readonly eventId: string;
}

/** A person as one number knows them. */
export interface Customer {
  readonly id: string;
  /** 0 = not stored yet. */
  readonly version: number;
  readonly number: string;
  readonly aliases: readonly Alias[];
  readonly party: Party;
  readonly flags: readonly string[];
  readonly joined: Join | null;
  /**
   * Customers that were joined into this one, also by way of another. An undo leaves them: their threads are where to look
   * for what came under names that were theirs.
   */
  readonly absorbed: readonly string[];
  /** Undos that were applied, by their id: with the offset they took effect from. */
  readonly undone: readonly { readonly eventId: string; readonly from: number }[];
  readonly createdAt: Date;
}

export const holds = (alias: Alias, offset: number): boolean =>
  alias.from <= offset && (alias.to === null || offset <= alias.to);

export const isOpen = (alias: Alias): boolean => alias.to === null;

/** Names that one customer alone may hold; a parent id is wider than a number's view and never identity by itself. */
export const isIdentity = (alias: Pick<Alias, 'kind'>): boolean => alias.kind !== 'parent_user_id';

export const holdsKind = (customer: Customer, kind: AliasKind): boolean =>
  customer.aliases.some((alias) => alias.kind === kind && isOpen(alias));

/** Who has this name at this offset. Where a name was just handed over, the one who has it now. */
export function whoHas(
  customers: readonly Customer[],
  kind: AliasKind,
  value: string,
  offset: number,
): Customer | undefined {
  const found = customers.filter((customer) =>
    customer.aliases.some((alias) => alias.kind === kind && alias.value === value && holds(alias, offset)),
  );
  return (
    found.find((customer) => customer.aliases.some((a) => a.kind === kind && a.value === value && isOpen(a))) ??
    found[0]
  );
}

/** Opens a name from an offset on. One that holds there already stays as it is, also when a later input closed it. */
export function opened(customer: Customer, kind: AliasKind, value: string, from: number, since: Date): Customer {
  const isThere = customer.aliases.some((alias) => alias.kind === kind && alias.value === value && holds(alias, from));
  if (isThere) return customer;
  return { ...customer, aliases: [...customer.aliases, { kind, value, from, to: null, since, until: null }] };
}

/** Closes open names that match and were there by then; the same customer when there are none. */
export function closed(customer: Customer, matches: (alias: Alias) => boolean, to: number, until: Date): Customer {
  const isMeant = (alias: Alias): boolean => isOpen(alias) && alias.from <= to && matches(alias);
  if (!customer.aliases.some(isMeant)) return customer;
  return { ...customer, aliases: customer.aliases.map((alias) => (isMeant(alias) ? { ...alias, to, until } : alias)) };
}

export function absorbing(customer: Customer, ended: Customer): Customer {
  const news = [ended.id, ...ended.absorbed].filter((id) => id !== customer.id && !customer.absorbed.includes(id));
  return news.length === 0 ? customer : { ...customer, absorbed: [...customer.absorbed, ...news] };
}

export function flagged(customer: Customer, flag: string): Customer {
  return customer.flags.includes(flag) ? customer : { ...customer, flags: [...customer.flags, flag] };
}

export function introduced(customer: Customer, party: Party | undefined): Customer {
  const merged = mergeParty(customer.party, party);
  return merged === customer.party ? customer : { ...customer, party: merged };
}

/** Where to send: the phone where known, which keeps it in later webhooks, else the user id. */
export function addressOf({ aliases }: Customer): Party {
  const open = (kind: AliasKind) => aliases.findLast((alias) => alias.kind === kind && isOpen(alias))?.value;
  const [phone, userId] = [open('phone'), open('user_id')];
  return { ...(phone !== undefined && { phone }), ...(userId !== undefined && { userId }) };
}
