import { NumberState } from '@switchboard/contracts/account/v1/events';
import { type PricingPoint } from '@switchboard/graph-api';
import { createAnalytics } from './analytics.js';

const number = (phoneNumberId: string, wabaId: string, organisationId: string): NumberState => ({
  ...NumberState.decode(new Uint8Array()),
  phoneNumberId,
  wabaId,
  organisationId,
});
const point = (phoneNumber: string): PricingPoint => ({
  ...{ start: Date.parse('2026-11-25') / 1_000, phoneNumber, country: 'BR', category: 'MARKETING', type: 'REGULAR' },
  ...{ tier: '0:MAX', volume: 3, cost: 0.1875 },
});

function analytics(points: readonly PricingPoint[]) {
  const asked: unknown[] = [];
  return {
    asked,
    ...createAnalytics(
      {
        getPricingAnalytics: (...all) => {
          asked.push(all);
          return Promise.resolve({ currency: 'USD', points });
        },
        async *listPhoneNumbers() {
          yield await Promise.resolve({ id: '1', display_phone_number: '+55 11 4000-0001' });
          yield await Promise.resolve({ id: '2', display_phone_number: '+55 11 4000-0002' });
        },
      },
      {
        getMetaToken: ({ phoneNumberId = '' }) => Promise.resolve({ metaToken: `token of ${phoneNumberId}` }) as never,
      },
      {
        values: function* () {
          yield* [number('1', '10', 'o'), number('3', '11', 'o'), number('2', '10', 'another'), number('4', '10', '')];
        },
      },
    ),
  };
}
const [from, until] = [new Date('2026-11-25'), new Date('2026-11-26')];
const account = { waba: '10', organisation: 'o', numbers: ['1'] };

describe('BL-10 what Meta charged', () => {
  it('is asked with the token of a number, and told by our ids, in micro-USD', async () => {
    const { charged, asked } = analytics([point('551140000001')]);

    const { points } = await charged(account, from, until);

    expect(asked).toEqual([['10', 'token of 1', from, until]]);
    expect(points).toMatchObject([{ number: '1', day: '2026-11-25', messages: 3, cost: 187_500n, tier: '0:MAX' }]);
  });

  it('SE-1 leaves out numbers of another organisation in the account', async () => {
    expect((await analytics([point('551140000002')]).charged(account, from, until)).points).toEqual([]);
  });

  it('leaves out a number that was taken away from the account: it keeps no other from being compared', async () => {
    const { points } = await analytics([point('999'), point('551140000001')]).charged(account, from, until);

    expect(points).toMatchObject([{ number: '1' }]);
  });

  it('is asked for every account of connected numbers, each organisation by itself', () => {
    expect(analytics([]).accounts()).toEqual([
      { waba: '10', organisation: 'o', numbers: ['1'] },
      { waba: '11', organisation: 'o', numbers: ['3'] },
      { waba: '10', organisation: 'another', numbers: ['2'] },
    ]);
  });
});
