import { z } from 'zod';
import { type Charge, pricingCategories, pricingTypes } from '../charges.js';
import type { Engine } from '../engine.js';
import type { BusinessNumber } from '../world.js';
import { NotPossible } from './not-possible.js';

const country = z.string().regex(/^[A-Z]{2}$/, 'ISO 3166, two capitals');
const category = z.enum(pricingCategories);
const type = z.enum(pricingTypes);

const invention = z.strictObject({
  phone_number_id: z.string().min(1).optional(),
  country: country.default('US'),
  category: category.default('MARKETING'),
  type: type.default('REGULAR'),
  count: z.number().int().min(1).max(10_000).default(1),
  /** Milliseconds since the epoch; now without it. */
  at: z.number().int().min(0).optional(),
});
const correction = z.strictObject({ country, category, type }).partial();
const card = z.strictObject({
  rates: z.array(z.strictObject({ country: country.optional(), category, usd: z.number().min(0) })),
});

/** What Meta has charged: to be looked at, and to be made other than what webhooks told. */
export function createChargeControl(engine: Engine, numberOf: (phoneNumberId?: string) => BusinessNumber) {
  let made = 0;
  return {
    charges: (): { charges: readonly Charge[] } => ({ charges: engine.charges.all() }),
    /** Messages that only Meta knows of. */
    addCharges(given: z.input<typeof invention> = {}): { charges: Charge[] } {
      const { phone_number_id, count, at, ...about } = invention.parse(given);
      const number = numberOf(phone_number_id).phone_number_id;
      const charges = Array.from({ length: count }, (): Charge => {
        const id = `charge-${(made += 1)}`;
        return { id, phone_number_id: number, at: at ?? engine.clock.now(), ...about };
      });
      for (const charge of charges) engine.charges.put(charge);
      engine.changed();
      return { charges };
    },
    /** Meta thinks otherwise of one that was told. */
    changeCharge(id: string, given: z.input<typeof correction>): Charge {
      const found = engine.charges.find(id);
      if (!found) throw new NotPossible(`nothing was charged for ${id}`);
      const { country: newCountry, category: newCategory, type: newType } = correction.parse(given);
      const changed = {
        ...found,
        country: newCountry ?? found.country,
        category: newCategory ?? found.category,
        type: newType ?? found.type,
      };
      engine.charges.put(changed);
      engine.changed();
      return changed;
    },
    /** What charged messages cost from now on, also those of before. */
    setRates(given: z.input<typeof card>) {
      const { rates } = card.parse(given);
      engine.charges.setRates(rates);
      return { rates };
    },
  };
}
