import type { Customer } from '../domain/customer.js';
import { identify, type JoinSeen, type Sighting } from '../domain/identify.js';
import type { AliasOfNumber, Customers, Digest } from './ports.js';

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
      const known = new Map((await deps.customers.having(names)).map((customer) => [customer.id, customer]));
      const changed = new Map<string, Customer>();
      const joins: (JoinSeen & { number: string; at: Date })[] = [];
      const ids = sightings.map((sighting) => {
        const ofNumber = [...known.values()].filter(({ number }) => number === sighting.number);
        const result = identify(ofNumber, sighting, newId);
        for (const customer of result.changed) {
          known.set(customer.id, customer);
          changed.set(customer.id, customer);
        }
        joins.push(...result.joins.map((join) => ({ ...join, number: sighting.number, at: sighting.at })));
        return result.customerId;
      });
      if (await deps.customers.save([...changed.values()])) {
        return { customers: ids.map((id) => (id === undefined ? undefined : known.get(id))), joins };
      }
    }
  };
}

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
