import { type HoldBatchRequest, type HoldBatchResponse } from '@switchboard/contracts/billing/v1/billing_service';
import { Failure } from '@switchboard/errors';
import { type HoldAsked, type Holds } from '../../src/use-cases/money/ports.js';

/** A billing of which a test says how much there is, and whether it is there. */
export interface HoldsWorld {
  readonly holds: Holds;
  readonly setCredit: (holds: number) => void;
  readonly setAway: (isAway: boolean) => void;
}

const asked = (holdId: string): HoldAsked => ({
  wallet: 'main',
  holdId,
  number: '555',
  category: 'marketing',
  phone: '5511987654321',
  userId: '',
  windowOpen: false,
});

export function holdsContract(name: string, open: () => HoldsWorld): void {
  describe(`holds (${name})`, () => {
    it('BL-8 puts aside as long as there is something, each attempt once', async () => {
      const { holds, setCredit } = open();
      setCredit(2);

      const answers = [];
      for (const id of ['a:1', 'b:1', 'a:1', 'c:1', 'b:1']) answers.push((await holds.hold(asked(id))).kind);

      expect(answers).toEqual(['held', 'held', 'held', 'refused', 'held']);
    });

    it('BL-8 says with billing’s code why not, and what to do', async () => {
      const { holds, setCredit } = open();
      setCredit(0);

      const answer = await holds.hold(asked('a:1'));

      expect(answer.kind === 'refused' && answer.refusal.code).toBe('billing.balance-too-low');
      expect(answer.kind === 'refused' && answer.refusal.remedy).toContain('buy credits');
    });

    it('answers at once that billing is away', async () => {
      const { holds, setAway } = open();
      setAway(true);

      expect(await holds.hold(asked('a:1'))).toEqual({ kind: 'away' });
    });
  });
}

/** Stands for billing as its contract says it answers. */
export function standInForBilling() {
  const state = { credit: Infinity, isAway: false };
  const held = new Set<string>();
  return Object.assign(state, {
    holdBatch: ({ holds = [] }: Partial<HoldBatchRequest>): Promise<HoldBatchResponse> => {
      if (state.isAway) return Promise.reject(new Failure('unavailable', 'grpc.unreachable', 'nobody answers'));
      const outcomes = holds.map(({ holdId }) => {
        if (!held.has(holdId) && held.size >= state.credit) {
          const [reason, remedy] = [
            'less is available in the wallet than this costs',
            'buy credits; what is free goes on',
          ];
          return { holdId, held: false, code: 'billing.balance-too-low', reason, remedy, amountMicros: 0n };
        }
        held.add(holdId);
        return { holdId, held: true, code: '', reason: '', remedy: '', amountMicros: 62_500n };
      });
      return Promise.resolve({ outcomes, availableMicros: 0n });
    },
  });
}
