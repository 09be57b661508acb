import {
  absorbing,
  type AliasKind,
  closed,
  type Customer,
  flagged,
  holdsKind,
  introduced,
  isIdentity,
  isOpen,
  opened,
  whoHas,
} from './customer.js';
import type { Party } from './party.js';

/** What an item says of who it is from, at its position in the number's log. */
export interface Sighting {
  readonly number: string;
  readonly offset: number;
  readonly at: Date;
  readonly party: Party;
  /** WhatsApp's own word that the names of this person changed. */
  readonly change?: {
    readonly previousUserId?: string | undefined;
    readonly phone?: string | undefined;
    readonly userId?: string | undefined;
  };
}

export interface JoinSeen {
  readonly eventId: string;
  readonly ended: string;
  readonly survivor: string;
}

export interface Identified {
  /** Undefined when the item names nobody. */
  readonly customerId: string | undefined;
  /** Customers that are new or changed. */
  readonly changed: readonly Customer[];
  readonly joins: readonly JoinSeen[];
}

/** Derives an internal id; never random, so that reading again makes the same. */
export type NewCustomerId = (number: string, name: string) => string;

/** A known phone came with another user id and no system message: somebody should look. */
export const PHONE_WITH_OTHER_USER_ID = 'phone-with-other-user-id';

/**
 * Who an item is from, as of its own position (RX-6). `known` are all customers of the number that have or had one of its
 * names. Pure: reading the same item again, after its changes were stored, finds the same customer and changes nothing.
 */
export function identify(known: readonly Customer[], sighting: Sighting, newId: NewCustomerId): Identified {
  const work = createWork(known, sighting, newId);
  return sighting.change ? work.changeNames(sighting.change) : work.recognise();
}

function createWork(known: readonly Customer[], sighting: Sighting, newId: NewCustomerId) {
  const { number, offset, at, party } = sighting;
  const customers = new Map(known.map((customer) => [customer.id, customer]));
  const joins: JoinSeen[] = [];

  const current = (id: string): Customer => {
    const customer = customers.get(id);
    if (!customer) throw new Error(`customer ${id} is not among those known`);
    return customer;
  };
  const put = (customer: Customer): Customer => {
    customers.set(customer.id, customer);
    return customer;
  };
  const who = (kind: AliasKind, value: string | undefined): Customer | undefined =>
    value === undefined ? undefined : whoHas([...customers.values()], kind, value, offset);
  const open = (id: string, kind: AliasKind, value: string | undefined): void => {
    if (value !== undefined) put(opened(current(id), kind, value, offset, at));
  };

  function create(name: string): Customer {
    // A name may come back to another person years later: then the first id is taken.
    const taken = customers.has(newId(number, name));
    const id = newId(number, taken ? `${name}@${offset}` : name);
    return (
      customers.get(id) ??
      put({
        id,
        version: 0,
        number,
        aliases: [],
        party: {},
        flags: [],
        joined: null,
        absorbed: [],
        undone: [],
        createdAt: at,
      })
    );
  }

  /** The ended customer's names go to the survivor from this offset on. */
  function join(ended: Customer, survivor: Customer): void {
    const eventId = `${number}:${ended.id}:${survivor.id}:${offset}`;
    const moved = ended.aliases.filter(
      (alias) => isIdentity(alias) && (isOpen(alias) || (ended.joined?.eventId === eventId && alias.to === offset)),
    );
    put({ ...closed(ended, () => true, offset, at), joined: { into: survivor.id, at: offset, eventId } });
    for (const { kind, value } of moved) open(survivor.id, kind, value);
    put(absorbing(current(survivor.id), ended));
    joins.push({ eventId, ended: ended.id, survivor: survivor.id });
  }

  const finish = (customerId: string | undefined): Identified => {
    if (customerId !== undefined) put(introduced(current(customerId), party));
    const before = new Map(known.map((customer) => [customer.id, customer]));
    const changed = [...customers.values()].filter((customer) => !same(before.get(customer.id), customer));
    return { customerId, changed, joins };
  };

  return {
    recognise(): Identified {
      const { phone, userId, parentUserId } = party;
      const byUser = who('user_id', userId);
      const byPhone = who('phone', phone);
      const found = byUser ?? byPhone;
      if (!found) {
        const name = userId ?? phone ?? parentUserId;
        if (name === undefined) return { customerId: undefined, changed: [], joins: [] };
        const made = create(name);
        open(made.id, 'user_id', userId);
        open(made.id, 'phone', phone);
        open(made.id, 'parent_user_id', parentUserId);
        return finish(made.id);
      }
      let id = found.id;
      if (byUser && byPhone && byUser.id !== byPhone.id) {
        if (holdsKind(byPhone, 'user_id')) put(flagged(byUser, PHONE_WITH_OTHER_USER_ID));
        else join(byPhone, byUser);
      } else if (byUser) {
        open(id, 'phone', phone);
      } else if (userId !== undefined) {
        if (holdsKind(found, 'user_id')) {
          put(flagged(found, PHONE_WITH_OTHER_USER_ID));
          id = create(userId).id;
        }
        open(id, 'user_id', userId);
      }
      open(id, 'parent_user_id', parentUserId);
      return finish(id);
    },

    changeNames(change: NonNullable<Sighting['change']>): Identified {
      const formerUserId = change.previousUserId ?? party.userId;
      const previous = who('user_id', formerUserId) ?? who('phone', party.phone);
      const found = previous ?? who('user_id', change.userId) ?? who('phone', change.phone);
      const name = formerUserId ?? party.phone ?? change.userId ?? change.phone;
      if (!found && name === undefined) return { customerId: undefined, changed: [], joins: [] };
      const { id } = found ?? create(name ?? '');
      if (!found) {
        // Nobody we know: what they were called until now is opened, so that it is closed with its time below.
        open(id, 'user_id', formerUserId);
        open(id, 'phone', party.phone);
      }
      for (const [kind, value] of [
        ['user_id', change.userId],
        ['phone', change.phone],
      ] as const) {
        const holder = who(kind, value);
        if (holder && holder.id !== id) join(holder, current(id));
      }
      const isNew = (kind: AliasKind, value: string): boolean =>
        (kind === 'user_id' && value === change.userId) || (kind === 'phone' && value === change.phone);
      const replaces = (kind: AliasKind): boolean =>
        kind === 'phone' ? change.phone !== undefined || change.userId !== undefined : change.userId !== undefined;
      put(
        closed(
          current(id),
          ({ kind, value }) => isIdentity({ kind }) && replaces(kind) && !isNew(kind, value),
          offset,
          at,
        ),
      );
      open(id, 'user_id', change.userId);
      open(id, 'phone', change.phone);
      const result = finish(undefined);
      return { ...result, customerId: id };
    },
  };
}

function same(before: Customer | undefined, after: Customer): boolean {
  if (before === after) return true;
  return before !== undefined && JSON.stringify({ ...before }) === JSON.stringify({ ...after });
}

/** Undoes a join: names the ended customer had go back to it from the next offset on. Undefined when it is undone already. */
export function undoJoin(
  ended: Customer,
  survivor: Customer,
  eventId: string,
  nextOffset: number,
  at: Date,
): { readonly ended: Customer; readonly survivor: Customer } | undefined {
  if (!ended.joined || ended.undone.some((undo) => undo.eventId === eventId)) return undefined;
  const names = ended.aliases.filter((alias) => isIdentity(alias) && alias.to === ended.joined?.at);
  const isNamed = ({ kind, value }: { kind: AliasKind; value: string }): boolean =>
    names.some((name) => name.kind === kind && name.value === value);
  let back: Customer = { ...ended, joined: null, undone: [...ended.undone, { eventId, from: nextOffset }] };
  for (const { kind, value } of names) back = opened(back, kind, value, nextOffset, at);
  return { ended: back, survivor: closed(survivor, isNamed, nextOffset - 1, at) };
}
