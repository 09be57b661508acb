import { type AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { type GrpcClient } from '@switchboard/grpc';
import { type MetaTokens } from '../../use-cases/ports.js';

interface Entry {
  readonly version: number;
  readonly token: Promise<string>;
}

/** Asks account once per version of a number, and keeps the answer in memory alone. */
export function createMetaTokens(account: Pick<GrpcClient<typeof AccountServiceService>, 'getMetaToken'>): MetaTokens {
  const entries = new Map<string, Entry>();

  return {
    of(number, version) {
      const known = entries.get(number);
      if (known && known.version >= version) return known.token;
      const token = account.getMetaToken({ phoneNumberId: number }).then(({ metaToken }) => metaToken);
      const entry = { version, token };
      entries.set(number, entry);
      token.catch(() => {
        if (entries.get(number) === entry) entries.delete(number);
      });
      return token;
    },
    forget(number) {
      entries.delete(number);
    },
  };
}
