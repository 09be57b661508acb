/** Which wallet pays for a number: its own, else its brand's, else the organisation's only standalone one. */

export interface Candidate {
  readonly walletId: string;
  readonly organisation: string;
  readonly kind: 'standalone' | 'bundle';
  readonly hasCredit: boolean;
}

export interface Choice {
  readonly wallet: string;
  readonly hasCredit: boolean;
}

const nobody: Choice = { wallet: '', hasCredit: false };

/** Wallets of other organisations never pay, whatever was assigned. */
export function choosePayer(
  {
    organisation,
    assigned,
    ofBrand,
  }: { readonly organisation: string; readonly assigned: string; readonly ofBrand: string },
  wallets: readonly Candidate[],
): Choice {
  if (organisation === '') return nobody;
  const own = wallets.filter((each) => each.organisation === organisation);
  const standalone = own.filter(({ kind }) => kind === 'standalone');
  const found =
    own.find(({ walletId }) => walletId === assigned) ??
    own.find(({ walletId }) => walletId === ofBrand) ??
    (standalone.length === 1 ? standalone[0] : undefined);
  return found ? { wallet: found.walletId, hasCredit: found.hasCredit } : nobody;
}
