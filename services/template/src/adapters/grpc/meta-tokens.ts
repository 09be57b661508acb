import { type AccountServiceService } from '@switchboard/contracts/account/v1/account_service';
import { type GrpcClient } from '@switchboard/grpc';

interface Entry {
  readonly version: number;
  readonly token: Promise<string>;
}

/** Tokens of numbers for calls to Meta. */
export interface MetaTokens {
  readonly of: (phoneNumberId: string, version: number) => Promise<string>;
  /** Meta does not take it: the next call asks again. */
  readonly forget: (phoneNumberId: string) => void;
}

/** Asks account once per version of a number, and keeps the answer in memory alone. */
export function createMetaTokens(account: Pick<GrpcClient<typeof AccountServiceService>, 'getMetaToken'>): MetaTokens {
  const entries = new Map<string, Entry>();
  return {
    of(phoneNumberId, version) {
      const known = entries.get(phoneNumberId);
      if (known && known.version >= version) return known.token;
      const token = account.getMetaToken({ phoneNumberId }).then(({ metaToken }) => metaToken);
      const entry = { version, token };
      entries.set(phoneNumberId, entry);
      token.catch(() => {
        if (entries.get(phoneNumberId) === entry) entries.delete(phoneNumberId);
      });
      return token;
    },
    forget(phoneNumberId) {
      entries.delete(phoneNumberId);
    },
  };
}
