import { type OfferMade } from '@switchboard/contracts/routing/v1/desk_events';
import { type ClaimPlace } from '../../../src/use-cases/ports.js';
import { newNumber } from '../fresh.js';

export interface Places {
  readonly claimPlace: ClaimPlace;
  /** What the desk said to threads. */
  readonly offers: () => readonly OfferMade[];
  /** This operator has as many chats as they may. */
  readonly fill: (operatorId: string) => Promise<void>;
}

/** What a desk promises to whoever wants a place for `ann` or `bob`. */
export function claimPlaceContract(name: string, open: () => Promise<Places>): void {
  describe(`CH-3 ${name} places at the desk`, () => {
    const aClaim = (cause: 'taken' | 'assigned' | 'transferred', operatorId = 'ann') => {
      const number = newNumber();
      const facts = { count: 3, departmentId: 'sales', concurrentLimit: 2, isFree: cause === 'taken' };
      return { organisationId: 'acme', number, chatId: `${number}.1.ana:1`, operatorId, cause, facts };
    };
    const causes = { taken: 1, assigned: 3, transferred: 4 } as const;

    it.each(['taken', 'assigned', 'transferred'] as const)(
      'are theirs by the desk’s word to the thread alone, with the count of what that asked: %s',
      async (cause) => {
        const { claimPlace, offers } = await open();
        const claim = aClaim(cause);

        await claimPlace(claim);

        expect(offers()).toMatchObject([
          {
            organisationId: 'acme',
            threadId: `${claim.number}.1.ana`,
            chatId: claim.chatId,
            phoneNumberId: claim.number,
            sequence: 1n,
            count: 3n,
            offer: { $case: 'assigned', value: { operatorId: 'ann', cause: causes[cause] } },
          },
        ]);
      },
    );

    it('are claimed again without another word', async () => {
      const { claimPlace, offers } = await open();
      const claim = aClaim('taken');

      await claimPlace(claim);
      await claimPlace(claim);

      expect(offers()).toHaveLength(1);
    });

    it('go from one to another, each told in its turn', async () => {
      const { claimPlace, offers } = await open();
      const claim = aClaim('taken');

      await claimPlace(claim);
      await claimPlace({ ...claim, operatorId: 'bob', cause: 'transferred' });
      await claimPlace({ ...claim, cause: 'assigned' });

      expect(offers().map(({ sequence, offer }) => [sequence, offer?.value])).toMatchObject([
        [1n, { operatorId: 'ann' }],
        [2n, { operatorId: 'bob' }],
        [3n, { operatorId: 'ann' }],
      ]);
    });

    it('of who is at their limit are refused, and nothing is said', async () => {
      const { claimPlace, offers, fill } = await open();
      await fill('ann');
      const before = offers().length;
      const full = { kind: 'exhausted', code: 'routing.operator-at-limit' };

      await expect(claimPlace(aClaim('taken'))).rejects.toMatchObject(full);
      await expect(claimPlace(aClaim('transferred'))).rejects.toMatchObject(full);
      await claimPlace(aClaim('taken', 'bob'));

      expect(offers()).toHaveLength(before + 1);
    });

    it('of a chat that another has are refused to who would take it', async () => {
      const { claimPlace, offers } = await open();
      const claim = aClaim('taken');
      await claimPlace(claim);

      await expect(claimPlace({ ...claim, operatorId: 'bob' })).rejects.toMatchObject({
        kind: 'conflict',
        code: 'routing.chat-taken',
      });

      expect(offers()).toHaveLength(1);
    });
  });
}
