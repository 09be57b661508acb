import { type AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { type NumberState } from '@switchboard/contracts/account/v1/events';
import { type GraphClient } from '@switchboard/graph-api';
import { type GrpcClient } from '@switchboard/grpc';
import { type Table } from '@switchboard/kafka';
import { utcDayOf } from '../../domain/prices/day.js';
import { type Analytics, type MetaAccount } from '../../use-cases/reconciliation/ports.js';

/** Meta's `pricing_analytics`, read with the token of any number of the account. */
export function createAnalytics(
  graph: Pick<GraphClient, 'getPricingAnalytics' | 'listPhoneNumbers'>,
  account: Pick<GrpcClient<typeof AccountServiceService>, 'getMetaToken'>,
  numbers: Pick<Table<NumberState>, 'values'>,
): Analytics {
  /** Meta counts by the number as people write it. */
  async function idsByDigits(waba: string, token: string): Promise<ReadonlyMap<string, string>> {
    const ids = new Map<string, string>();
    for await (const { id, display_phone_number: display } of graph.listPhoneNumbers(waba, token, [
      'id',
      'display_phone_number',
    ]))
      if (id !== undefined) ids.set(String(display).replaceAll(/\D/g, ''), id);
    return ids;
  }

  return {
    accounts() {
      const found = new Map<string, MetaAccount & { readonly numbers: string[] }>();
      for (const { wabaId: waba, organisationId: organisation, phoneNumberId } of numbers.values()) {
        if (organisation === '' || waba === '') continue;
        const key = `${organisation}/${waba}`;
        const known = found.get(key) ?? { waba, organisation, numbers: [] };
        known.numbers.push(phoneNumberId);
        found.set(key, known);
      }
      return [...found.values()];
    },
    async charged({ waba, numbers: ours }, from, until) {
      const [number = ''] = ours;
      const { metaToken } = await account.getMetaToken({ phoneNumberId: number });
      const [ids, { currency, points }] = await Promise.all([
        idsByDigits(waba, metaToken),
        graph.getPricingAnalytics(waba, metaToken, from, until),
      ]);
      const wanted = new Set(ours);
      return {
        currency,
        points: points.flatMap(({ phoneNumber, start, volume, cost, ...about }) => {
          const id = ids.get(phoneNumber);
          // Of another organisation, or taken away from the account since.
          if (id === undefined || !wanted.has(id)) return [];
          const day = utcDayOf(new Date(start * 1_000));
          return [{ ...about, number: id, day, messages: volume, cost: BigInt(Math.round(cost * 1_000_000)) }];
        }),
      };
    },
  };
}
