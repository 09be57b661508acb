import { Failure } from '@switchboard/errors';

/** Subcodes of Meta's error 100, and codes of its own, that say more than that something is wrong. */
const TAKEN = new Set(['2388024', '192']);
const NAME_HELD = '2388023';
const ACCOUNT_FULL = '2388019';
const NOT_FOUND = new Set(['2593002', '33']);

const subcodeOf = (error: unknown): string =>
  error instanceof Failure && error.code.startsWith('meta.')
    ? (error.details['subcode'] ?? '') || error.code.slice('meta.'.length)
    : '';

/** True when Meta has no such template (any more). */
export const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.kind === 'not-found' || NOT_FOUND.has(subcodeOf(error)));

/** Runs a call that writes a template, and names the refusals that have a remedy of their own. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const subcode = subcodeOf(error);
    if (TAKEN.has(subcode)) {
      throw conflict(
        'template.taken-at-meta',
        'Meta has a template of this name in this language; choose another name',
        error,
      );
    }
    if (subcode === NAME_HELD) {
      throw conflict(
        'template.name-held',
        'Meta holds the name of a deleted template for 30 days; choose another name, or wait',
        error,
      );
    }
    if (subcode === ACCOUNT_FULL) {
      throw conflict(
        'template.account-full',
        'Meta takes no more templates of this account: 250, or 6,000 when the business is verified; delete some that are not used, or have it verified',
        error,
      );
    }
    throw error;
  }
}

const conflict = (code: string, message: string, cause: unknown): Failure =>
  new Failure('conflict', code, message, { cause });
