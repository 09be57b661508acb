import { type Paces } from '../../src/use-cases/pace-ports.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 2, 10, 0, second));
let made = 0;
const fresh = (prefix: string): string => `${prefix}${(made += 1)}-${process.pid}`;

/** What is promised of what was learnt of numbers. */
export function pacesContract(name: string, open: () => Paces): void {
  describe(`${name} paces`, () => {
    it('TX-5 keep the latest of each kind, in whatever order it is told', async () => {
      const paces = open();
      const [one, other] = [fresh('9000'), fresh('9000')];

      await paces.note(one, { level: { is: 'high', at: at(2) } });
      await paces.note(one, { level: { is: 'standard', at: at(1) } });
      await paces.note(one, { cut: { at: at(3), perSecond: 40 } });
      await paces.note(one, { cut: { at: at(1), perSecond: 10 } });
      await paces.note(other, { cut: { at: at(1), perSecond: 10.5 } });

      const found = await paces.of([one, other, fresh('9000')]);
      expect([...found.keys()].toSorted()).toEqual([one, other].toSorted());
      expect(found.get(one)).toEqual({ level: { is: 'high', at: at(2) }, cut: { at: at(3), perSecond: 40 } });
      expect(found.get(other)).toEqual({ cut: { at: at(1), perSecond: 10.5 } });
    });
  });
}
