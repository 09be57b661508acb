import { type Alias, type AliasKind, type Customer } from '../../../src/domain/customer.js';
import { type Customers } from '../../../src/use-cases/ports.js';
import { fresh, newNumber } from '../fresh.js';
import { at } from '../threads.js';

export function customersContract(name: string, open: () => Customers): void {
  describe(`${name} customers`, () => {
    const alias = (kind: AliasKind, value: string, more: Partial<Alias> = {}): Alias => ({
      kind,
      value,
      from: 1,
      to: null,
      since: at(1),
      until: null,
      ...more,
    });
    const closedAlias = (kind: AliasKind, value: string): Alias => alias(kind, value, { to: 5, until: at(5) });
    const customer = (number: string, aliases: Alias[], more: Partial<Customer> = {}): Customer => ({
      id: fresh('customer-'),
      version: 0,
      number,
      aliases,
      party: { phone: '1', profileName: 'Ana' },
      flags: [],
      joined: null,
      absorbed: [],
      undone: [],
      createdAt: at(0),
      ...more,
    });
    const only = async (customers: Customers, { id }: Customer): Promise<Customer> => {
      const [found] = await customers.find([id]);
      if (!found) throw new Error(`${id} is not there`);
      return found;
    };

    it('are found by every name they have or had, on their own number alone', async () => {
      const [customers, number] = [open(), newNumber()];
      const ana = customer(number, [alias('phone', '1'), closedAlias('user_id', 'US.1')]);
      const stranger = customer(newNumber(), [alias('phone', '1')]);

      expect(await customers.save([ana, stranger])).toBe(true);

      expect(await customers.having([{ number, kind: 'phone', value: '1' }])).toEqual([{ ...ana, version: 1 }]);
      expect(await customers.having([{ number, kind: 'user_id', value: 'US.1' }])).toHaveLength(1);
      expect(await customers.having([{ number, kind: 'user_id', value: '1' }])).toEqual([]);
      expect(await customers.having([])).toEqual([]);
    });

    it('are found once, whatever the number of names asked for', async () => {
      const [customers, number] = [open(), newNumber()];
      await customers.save([customer(number, [alias('phone', '1'), alias('user_id', 'US.1')])]);

      const found = await customers.having([
        { number, kind: 'phone', value: '1' },
        { number, kind: 'user_id', value: 'US.1' },
        { number, kind: 'phone', value: '1' },
      ]);

      expect(found).toHaveLength(1);
    });

    it('are kept whole', async () => {
      const [customers, number] = [open(), newNumber()];
      const whole = customer(number, [alias('phone', '1'), closedAlias('user_id', 'US.1')], {
        flags: ['look'],
        joined: { into: 'other', at: 7, eventId: 'e' },
        absorbed: ['third'],
        undone: [{ eventId: 'u', from: 3 }],
      });

      await customers.save([whole]);

      expect(await customers.find([whole.id, 'nobody'])).toEqual([{ ...whole, version: 1 }]);
    });

    it('are written on the version that was read, and on no other', async () => {
      const [customers, ana] = [open(), customer(newNumber(), [alias('phone', '1')])];
      await customers.save([ana]);
      const read = await only(customers, ana);

      expect(await customers.save([{ ...read, flags: ['first'] }])).toBe(true);
      expect(await customers.save([{ ...read, flags: ['second'] }])).toBe(false);
      expect(await customers.save([{ ...ana, flags: ['third'] }])).toBe(false);

      expect(await only(customers, ana)).toMatchObject({ version: 2, flags: ['first'] });
    });

    it('RX-6 never two hold one open name, also when both come at once', async () => {
      const [customers, number] = [open(), newNumber()];
      const both = [customer(number, [alias('phone', '1')]), customer(number, [alias('phone', '1')])];

      const saved = await Promise.all(both.map((one) => customers.save([one])));

      expect(saved.filter((isSaved) => isSaved)).toHaveLength(1);
      expect(await customers.having([{ number, kind: 'phone', value: '1' }])).toHaveLength(1);
    });

    it('hand a name over in one write, in whatever order they are named', async () => {
      const [customers, number] = [open(), newNumber()];
      for (const order of [0, 1]) {
        const phone = `${order}`;
        const [former, next] = [customer(number, [alias('phone', phone)]), customer(number, [])];
        await customers.save([former, next]);
        const closing = { ...(await only(customers, former)), aliases: [closedAlias('phone', phone)] };
        const taking = { ...(await only(customers, next)), aliases: [alias('phone', phone, { from: 6 })] };

        expect(await customers.save(order === 0 ? [closing, taking] : [taking, closing])).toBe(true);

        expect(await customers.having([{ number, kind: 'phone', value: phone }])).toHaveLength(2);
        expect(await customers.save([customer(number, [alias('phone', phone)])])).toBe(false);
      }
    });

    it('may be without any open name, as many as there are', async () => {
      const [customers, number] = [open(), newNumber()];
      const ended = [1, 2, 3].map((n) => customer(number, [alias('phone', `${n}`)]));
      await customers.save(ended);

      for (const one of ended) {
        const read = await only(customers, one);
        expect(await customers.save([{ ...read, aliases: [closedAlias('phone', read.id)] }])).toBe(true);
      }
    });

    it('may share a parent id: it is wider than a number’s view', async () => {
      const [customers, number] = [open(), newNumber()];
      const both = [1, 2].map(() => customer(number, [alias('parent_user_id', 'US.ENT.1')]));

      expect(await customers.save(both)).toBe(true);
      expect(await customers.having([{ number, kind: 'parent_user_id', value: 'US.ENT.1' }])).toHaveLength(2);
    });

    it('are left alone when nothing changed', async () => {
      expect(await open().save([])).toBe(true);
    });
  });
}
