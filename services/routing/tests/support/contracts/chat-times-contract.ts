import { type ChatTimes } from '../../../src/use-cases/settings/ports.js';
import { fresh } from '../fresh.js';
import { type TimedRow } from '../settings-twins.js';
import { at } from '../threads.js';

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
