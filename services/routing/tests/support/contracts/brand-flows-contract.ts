import { defaultSettings, type FlowSettings } from '../../../src/domain/flow/written.js';
import { type BrandFlows, type SettingsVersion } from '../../../src/use-cases/settings/ports.js';
import { fresh } from '../fresh.js';
import { at } from '../threads.js';

export function brandFlowsContract(name: string, open: () => BrandFlows): void {
  describe(`${name} settings of brands`, () => {
    const version = (brandId: string, number: number, more: Partial<FlowSettings> = {}): SettingsVersion => ({
      brandId,
      version: number,
      settings: { ...defaultSettings, concurrentLimit: number, ...more },
      changedAt: at(number),
      changedBy: 'olga',
    });
    const saveAll = async (flows: BrandFlows, brandId: string, upTo: number): Promise<void> => {
      for (let n = 1; n <= upTo; n += 1) expect(await flows.save(version(brandId, n))).toBe(true);
    };
    const numbersOf = async (versions: AsyncIterable<SettingsVersion>, most = Infinity): Promise<number[]> => {
      const found: number[] = [];
      for await (const each of versions) {
        found.push(each.version);
        if (found.length === most) break;
      }
      return found;
    };

    it('are kept whole, in versions that stay', async () => {
      const [flows, brandId] = [open(), fresh('brand')];
      const whole = version(brandId, 1, {
        waitingTime: 'PT90S',
        businessHours: {
          timeZone: 'Asia/Tokyo',
          weekly: [{ weekday: 1, from: '09:00', to: '18:00' }],
          holidays: [{ date: '2026-12-25', name: 'Christmas', open: [{ weekday: 0, from: '10:00', to: '24:00' }] }],
          outOfHoursText: 'Tomorrow, {customer}.',
        },
        routingRules: [
          {
            ruleId: 'vip',
            name: 'VIP',
            conditions: [{ subject: 'attribute', attribute: 'phone', operator: 'starts-with', values: ['+49', '$x'] }],
            target: { kind: 'operators', operatorIds: ['olga'], departmentId: '' },
            manner: 'one-by-one',
            offerTimeout: 'PT10S',
          },
        ],
        rating: { questionText: 'How was it?', thanksText: '' },
      });

      await flows.save(whole);
      await flows.save(version(brandId, 2));

      expect(await flows.find(brandId, 1)).toEqual(whole);
      expect(await flows.find(brandId, 2)).toEqual(version(brandId, 2));
      expect(await flows.find(brandId, 3)).toBeUndefined();
      expect(await flows.find(fresh('brand'), 1)).toBeUndefined();
    });

    it('are told of those that have newer ones, the newest of each', async () => {
      const flows = open();
      const [one, two, none] = [fresh('brand'), fresh('brand'), fresh('brand')];
      await saveAll(flows, one, 12);
      await saveAll(flows, two, 2);

      const newer = await flows.newerThan([
        { brandId: one, version: 3 },
        { brandId: two, version: 2 },
        { brandId: none, version: 0 },
      ]);

      expect(newer).toEqual([version(one, 12)]);
      expect(await flows.newerThan([{ brandId: two, version: 0 }])).toEqual([version(two, 2)]);
      expect(await flows.newerThan([])).toEqual([]);
    });

    it('are listed newest first, from a version on, as far as they are taken', async () => {
      const [flows, brandId] = [open(), fresh('brand')];
      await saveAll(flows, brandId, 12);

      expect(await numbersOf(flows.versions(brandId, undefined))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await numbersOf(flows.versions(brandId, 4))).toEqual([3, 2, 1]);
      expect(await numbersOf(flows.versions(brandId, undefined), 2)).toEqual([12, 11]);
      expect(await numbersOf(flows.versions(fresh('brand'), undefined))).toEqual([]);
    });

    it('have no version twice and none left out', async () => {
      const [flows, brandId] = [open(), fresh('brand')];

      expect(await flows.save(version(brandId, 2))).toBe(false);
      expect(await flows.save(version(brandId, 1))).toBe(true);
      expect(await flows.save(version(brandId, 1, { closingText: 'other' }))).toBe(false);
      expect(await flows.save(version(brandId, 3))).toBe(false);

      expect(await flows.find(brandId, 1)).toEqual(version(brandId, 1));
      expect(await numbersOf(flows.versions(brandId, undefined))).toEqual([1]);
    });

    it('are written by one of those who come at once', async () => {
      const [flows, brandId] = [open(), fresh('brand')];
      await saveAll(flows, brandId, 1);

      const saved = await Promise.all(
        ['a', 'b', 'c', 'd'].map((closingText) => flows.save(version(brandId, 2, { closingText }))),
      );

      expect(saved.filter((isSaved) => isSaved)).toHaveLength(1);
    });
  });
}
