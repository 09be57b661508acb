import { invalid } from '@switchboard/errors';
import { fileKinds } from '../../domain/media/formats.js';
import { defaultPolicy, type MediaPolicy, policyViolations } from '../../domain/media/policy.js';
import { type KeptPolicy, type Policies } from './ports.js';

export interface CurrentPolicy {
  readonly policy: MediaPolicy;
  readonly source: KeptPolicy['source'] | 'default';
}

export type PolicyOf = (organisation: string, brand: string) => Promise<CurrentPolicy>;

/** The brand's policy, else the organisation's, else the default (AT-1). */
export const createPolicyOf =
  ({ policies }: { policies: Policies }): PolicyOf =>
  async (organisation, brand) =>
    (await policies.find(organisation, brand)) ?? { policy: defaultPolicy, source: 'default' };

export type PutPolicy = ReturnType<typeof createPutPolicy>;

/** Narrows or widens what may be sent, up to Meta's own limits (AT-2); undefined: the next wider one holds again. */
export function createPutPolicy({ policies, policyOf }: { policies: Policies; policyOf: PolicyOf }) {
  return async function putPolicy(
    organisation: string,
    brand: string,
    rules:
      readonly { readonly kind: string; readonly maxBytes: number; readonly formats: readonly string[] }[] | undefined,
  ): Promise<CurrentPolicy> {
    const violations = rules ? policyViolations(rules) : [];
    if (violations.length > 0) throw invalid('egress.bad-policy', violations);
    const checked = rules?.flatMap(({ kind, maxBytes, formats }) => {
      const known = fileKinds.find((each) => each === kind);
      return known ? [{ kind: known, maxBytes, formats: [...new Set(formats)] }] : [];
    });
    await policies.put(organisation, brand, checked && { rules: checked });
    return policyOf(organisation, brand);
  };
}
