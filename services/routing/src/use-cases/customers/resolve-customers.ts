import type { Customer } from '../../domain/customer.js';
import { identify, type JoinSeen, type Sighting } from '../../domain/identify.js';
import type { AliasOfNumber, Customers, Digest } from '../ports.js';

export interface Resolved {
  /** In the order asked; undefined for items that name nobody. */
  readonly customers: readonly (Customer | undefined)[];
  readonly joins: readonly (JoinSeen & { readonly number: string; readonly at: Date })[];
}

export type ResolveCustomers = ReturnType<typeof createResolveCustomers>;

/** Finds the customers of a stretch of items, in order, and stores what they teach, with one read and one write. */
export function createResolveCustomers(deps: { customers: Customers; digest: Digest }) {
  const newId = (number: string, name: string): string => deps.digest(`${number} ${name}`);

  return async function resolveCustomers(sightings: readonly Sighting[]): Promise<Resolved> {
    const names = sightings.flatMap(namesOf);
    for (;;) {
      const book = createBook(await deps.customers.having(names));
      const changed = new Map<string, Customer>();
      const joins: (JoinSeen & { number: string; at: Date })[] = [];
      const ids = sightings.map((sighting) => {
        const result = identify(book.having(namesOf(sighting)), sighting, newId);
        for (const customer of result.changed) {
          book.put(customer);
          changed.set(customer.id, customer);
        }
        joins.push(...result.joins.map((join) => ({ ...join, number: sighting.number, at: sighting.at })));
        return result.customerId;
      });
      if (await deps.customers.save([...changed.values()])) {
        return { customers: ids.map((id) => (id === undefined ? undefined : book.get(id))), joins };
      }
    }
  };
}

/** Customers by every name they have or had, so that each item is compared with those alone who may be meant. */
function createBook(known: readonly Customer[]) {
  const byId = new Map<string, Customer>();
  const byName = new Map<string, Set<string>>();
  const put = (customer: Customer): void => {
    byId.set(customer.id, customer);
    for (const { kind, value } of customer.aliases) {
      const name = nameOf({ number: customer.number, kind, value });
      const ids = byName.get(name);
      if (ids) ids.add(customer.id);
      else byName.set(name, new Set([customer.id]));
    }
  };
  known.forEach(put);
  return {
    put,
    get: (id: string) => byId.get(id),
    having(names: readonly AliasOfNumber[]): Customer[] {
      const ids = new Set(names.flatMap((name) => [...(byName.get(nameOf(name)) ?? [])]));
      return [...ids].flatMap((id) => byId.get(id) ?? []);
    },
  };
}

const nameOf = ({ number, kind, value }: AliasOfNumber): string => `${number}|${kind}|${value}`;

export function namesOf({ number, party, change }: Sighting): AliasOfNumber[] {
  const named: [AliasOfNumber['kind'], string | undefined][] = [
    ['phone', party.phone],
    ['user_id', party.userId],
    ['parent_user_id', party.parentUserId],
    ['user_id', change?.previousUserId],
    ['user_id', change?.userId],
    ['phone', change?.phone],
  ];
  return named.flatMap(([kind, value]) => (value === undefined ? [] : [{ number, kind, value }]));
}
