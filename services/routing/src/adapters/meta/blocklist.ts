import type { AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import type { GraphClient } from '@switchboard/graph-api';
import type { GrpcClient } from '@switchboard/grpc';
import type { Blocklist } from '../../use-cases/blocks/ports.js';

/** Meta's Block Users API, with the number's token from account: blocks are rare, so it is asked for each. */
export const createBlocklist = (
  graph: Pick<GraphClient, 'blockUsers' | 'unblockUsers'>,
  account: Pick<GrpcClient<typeof AccountServiceService>, 'getMetaToken'>,
): Blocklist => ({
  async change({ number, who, isBlocked }) {
    const { metaToken } = await account.getMetaToken({ phoneNumberId: number });
    const [failed] = isBlocked
      ? await graph.blockUsers(number, metaToken, [who])
      : await graph.unblockUsers(number, metaToken, [who]);
    return failed && `meta.${failed.code}: ${failed.reason}`;
  },
});
