import { defaultSettings, type FlowSettings } from '../../src/domain/flow/written.js';
import { type BrandFlows, type ChatTimes, type SettingsVersion } from '../../src/use-cases/settings-ports.js';
import { type TimedRow } from './settings-twins.js';
import { at } from './threads.js';

/** What every implementation of a port of settings promises. Ids are new in each test. */

let made = 0;
const fresh = (label: string): string => `${label}-${process.pid}-${(made += 1)}`;

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

export function chatTimesContract(
  name: string,
  open: () => { readonly times: ChatTimes; readonly put: (rows: readonly TimedRow[]) => Promise<void> },
): void {
  describe(`${name} times of chats`, () => {
    const nothing = { waitingMs: null, missedCloseMs: null, idleCustomerOwesMs: null, idleOperatorOwesMs: null };
    const world = () => {
      const [organisationId, brandId] = [fresh('organisation'), fresh('brand')];
      const row = (more: Partial<TimedRow> = {}): TimedRow => ({
        _id: fresh('chat'),
        organisationId,
        brandId,
        openedAt: at(10),
        ...more,
      });
      return { ...open(), organisationId, brandId, row };
    };

    it('CH-9 count the chats that lasted as long or longer, each by its own time', async () => {
      const { times, put, row, ...of } = world();
      await put([
        row({ longestWaitMs: 59_999 }),
        row({ longestWaitMs: 60_000, missedForMs: 900_000 }),
        row({ longestWaitMs: 60_001, missedForMs: 899_999, longestIdleCustomerMs: 5_000 }),
        row({ longestIdleCustomerMs: 4_999, longestIdleOperatorMs: 7_000 }),
        row({ longestWaitMs: null, missedForMs: null, longestIdleCustomerMs: null, longestIdleOperatorMs: 6_999 }),
      ]);

      const tried = {
        waitingMs: 60_000,
        missedCloseMs: 900_000,
        idleCustomerOwesMs: 5_000,
        idleOperatorOwesMs: 7_000,
      };
      expect(
        await times.count({ organisationId: of.organisationId, brandId: of.brandId, since: at(0), times: tried }),
      ).toEqual({
        chats: 5,
        wouldBeMissed: 2,
        wouldCloseMissed: 1,
        wouldCloseCustomerOwes: 1,
        wouldCloseOperatorOwes: 1,
      });
    });

    it('count nothing that is not asked about', async () => {
      const { times, put, row, organisationId, brandId } = world();
      await put([row({ longestWaitMs: 1, missedForMs: 1, longestIdleCustomerMs: 1, longestIdleOperatorMs: 1 })]);

      expect(await times.count({ organisationId, brandId, since: at(0), times: nothing })).toEqual({
        chats: 1,
        wouldBeMissed: 0,
        wouldCloseMissed: 0,
        wouldCloseCustomerOwes: 0,
        wouldCloseOperatorOwes: 0,
      });
    });

    it('count the brand’s own chats alone, of those that opened since', async () => {
      const { times, put, row, organisationId, brandId } = world();
      await put([
        row({ openedAt: at(9) }),
        row({ openedAt: at(10) }),
        row({ brandId: fresh('brand') }),
        row({ organisationId: fresh('organisation') }),
      ]);

      expect((await times.count({ organisationId, brandId, since: at(10), times: nothing })).chats).toBe(1);
      expect((await times.count({ organisationId, brandId, since: at(11), times: nothing })).chats).toBe(0);
    });
  });
}
