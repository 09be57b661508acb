import { type Report } from '../../src/domain/report.js';
import { type StatusOfAttempt } from '../../src/domain/inputs.js';
import { type Leases, type Wamids, type Windows } from '../../src/use-cases/ports.js';
import { at, fresh } from './fresh.js';

/** What every implementation of a port promises, whatever it is made of. Ids are new in each test. */

export function windowsContract(name: string, open: () => Windows): void {
  describe(`${name} windows`, () => {
    const of = () => ({ number: fresh('5'), customer: 'anna' });

    it('keep the latest time, in whatever order they are told', async () => {
      const [windows, anna] = [open(), of()];

      await windows.note([{ ...anna, lastInboundAt: at(5) }]);
      await windows.note([
        { ...anna, lastInboundAt: at(3) },
        { ...anna, lastInboundAt: at(9) },
        { ...anna, lastInboundAt: at(7) },
      ]);
      await windows.note([{ ...anna, lastInboundAt: at(8) }]);

      expect(await windows.lastInbound([anna])).toEqual([at(9)]);
    });

    it('answer in the order asked, also for those who never wrote, and for one who is asked twice', async () => {
      const [windows, anna, bob] = [open(), of(), of()];
      await windows.note([{ ...bob, lastInboundAt: at(1) }]);

      expect(await windows.lastInbound([anna, bob, anna, bob])).toEqual([undefined, at(1), undefined, at(1)]);
      expect(await windows.lastInbound([])).toEqual([]);
    });
  });
}

export function leasesContract(
  name: string,
  open: (owner: string, callTimeoutMs: number) => Leases,
  letRunOut: (partition: number, byMs: number) => Promise<void>,
): void {
  describe(`${name} leases`, () => {
    const newPartition = () => 1_000 + Number(fresh(''));

    it('are taken by one, and held against all others', async () => {
      const [a, b, partition] = [open(fresh('a'), 15_000), open(fresh('b'), 15_000), newPartition()];

      expect(await a.take(partition)).toEqual({ kind: 'taken', epoch: 1, doubtMs: 0 });
      expect(await b.take(partition)).toEqual({ kind: 'held' });
    });

    it('are taken by one of many who ask at once', async () => {
      const partition = newPartition();
      const asked = Array.from({ length: 8 }, () => open(fresh('o'), 15_000).take(partition));

      expect((await Promise.all(asked)).filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    });

    it('pass on at once when they were released, and leave nothing in doubt', async () => {
      const [a, b, partition] = [open(fresh('a'), 15_000), open(fresh('b'), 15_000), newPartition()];
      await a.take(partition);

      await a.release(partition);

      expect(await b.take(partition)).toEqual({ kind: 'taken', epoch: 2, doubtMs: 0 });
    });

    it('are taken again by who has them, under a new epoch', async () => {
      const [a, partition] = [open(fresh('a'), 15_000), newPartition()];
      await a.take(partition);

      expect(await a.take(partition)).toEqual({ kind: 'taken', epoch: 2, doubtMs: 0 });
    });

    it('TX-4 leave calls in doubt for a call’s time-out after they ran out', async () => {
      const [a, b, partition] = [open(fresh('a'), 15_000), open(fresh('b'), 15_000), newPartition()];
      await a.take(partition);
      await letRunOut(partition, 4_000);

      const taken = await b.take(partition);

      expect(taken).toMatchObject({ kind: 'taken', epoch: 2 });
      const { doubtMs } = taken as { doubtMs: number };
      expect(doubtMs).toBeGreaterThan(0);
      expect(doubtMs).toBeLessThanOrEqual(11_000);
    });

    it('keep that doubt for whoever comes next', async () => {
      const [a, b, c] = [open(fresh('a'), 60_000), open(fresh('b'), 60_000), open(fresh('c'), 60_000)];
      const partition = newPartition();
      await a.take(partition);
      await letRunOut(partition, 1_000);
      await b.take(partition);
      await b.release(partition);

      const { doubtMs } = (await c.take(partition)) as { doubtMs: number };

      expect(doubtMs).toBeGreaterThan(10_000);
    });

    it('are renewed only by who has them', async () => {
      const [a, b, partition, other] = [open(fresh('a'), 0), open(fresh('b'), 0), newPartition(), newPartition()];
      await a.take(partition);
      await b.take(other);

      expect(await a.renew([partition, other])).toEqual(new Set([partition]));
      expect(await a.renew([partition])).toEqual(new Set([partition]));
    });

    it('are not released by who has lost them', async () => {
      const [a, b, c, partition] = [open(fresh('a'), 0), open(fresh('b'), 0), open(fresh('c'), 0), newPartition()];
      await a.take(partition);
      await letRunOut(partition, 1);
      await b.take(partition);

      await a.release(partition);

      expect(await c.take(partition)).toEqual({ kind: 'held' });
    });
  });
}

export function wamidsContract(name: string, open: () => Wamids): void {
  describe(`${name} wamids`, () => {
    const report = (status: string, second = 1): Report => ({ status, at: at(second) });
    const newId = () => ({ number: '555', whatsappMessageId: fresh('wamid.') });
    const status = (id: ReturnType<typeof newId>, of: Report): StatusOfAttempt => ({
      ...id,
      attempt: undefined,
      report: of,
    });
    const owner = () => ({ messageId: fresh('m'), attempt: 2 });

    it('TX-3 park a status that comes first, and hand it to the answer', async () => {
      const [wamids, id, us] = [open(), newId(), owner()];

      expect(await wamids.meet([status(id, report('sent'))])).toEqual([undefined]);
      const claim = await wamids.claim(id.number, id.whatsappMessageId, { ...us, partition: 3 });

      expect(claim).toEqual({ ...id, owner: us, parked: [{ ...id, attempt: 2, report: report('sent') }] });
    });

    it('tell a status that comes later whose it is', async () => {
      const [wamids, id, us] = [open(), newId(), owner()];
      await wamids.claim(id.number, id.whatsappMessageId, { ...us, partition: 3 });

      expect(await wamids.meet([status(newId(), report('sent')), status(id, report('read'))])).toEqual([
        undefined,
        { ...id, owner: us, parked: [] },
      ]);
    });

    it('park the same status once', async () => {
      const [wamids, id] = [open(), newId()];

      await wamids.meet([status(id, report('sent')), status(id, report('sent')), status(id, report('read'))]);
      await wamids.meet([status(id, report('sent'))]);

      const { parked } = await wamids.claim(id.number, id.whatsappMessageId, { ...owner(), partition: 3 });
      expect(parked.map((each) => each.report.status).toSorted()).toEqual(['read', 'sent']);
    });

    it('answer a repeated claim the same, and give another one nothing', async () => {
      const [wamids, id, us] = [open(), newId(), { ...owner(), partition: 3 }];
      await wamids.meet([status(id, report('sent'))]);
      const first = await wamids.claim(id.number, id.whatsappMessageId, us);

      expect(await wamids.claim(id.number, id.whatsappMessageId, us)).toEqual(first);
      expect((await wamids.claim(id.number, id.whatsappMessageId, { ...owner(), partition: 3 })).parked).toEqual([]);
    });

    it('never lose a status that comes at the same instant as the answer', async () => {
      const wamids = open();
      for (let round = 0; round < 20; round += 1) {
        const [id, us] = [newId(), { ...owner(), partition: 3 }];

        const [met, claim, again] = await Promise.all([
          wamids.meet([status(id, report('sent'))]),
          wamids.claim(id.number, id.whatsappMessageId, us),
          wamids.meet([status(id, report('read', 2))]),
        ]);

        const folded = [...claim.parked, ...(met[0] ? [1] : []), ...(again[0] ? [1] : [])];
        expect(folded).toHaveLength(2);
      }
    });

    it('name the claims whose parked statuses are not known to be folded, until they are', async () => {
      const [wamids, id, us] = [open(), newId(), owner()];
      const partition = Number(fresh('9'));
      await wamids.meet([status(id, report('sent'))]);
      await wamids.claim(id.number, id.whatsappMessageId, { ...us, partition });

      expect(await wamids.unsettled(partition)).toMatchObject([{ ...id, owner: us, parked: [{ attempt: 2 }] }]);
      expect(await wamids.unsettled(partition + 1)).toEqual([]);

      await wamids.settle(id);
      expect(await wamids.unsettled(partition)).toEqual([]);
      expect(await wamids.meet([status(id, report('read'))])).toMatchObject([{ owner: us, parked: [] }]);
    });

    it('find the claims of messages', async () => {
      const [wamids, id, us] = [open(), newId(), owner()];
      await wamids.claim(id.number, id.whatsappMessageId, { ...us, partition: 3 });

      expect(await wamids.ofMessages([fresh('m'), us.messageId])).toEqual([{ ...id, owner: us, parked: [] }]);
    });
  });
}
