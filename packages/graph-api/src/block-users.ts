import { recordIn } from './errors.js';

/** Somebody to block, by phone (digits with the country code) or by business-scoped user id. */
export interface BlockUser {
  readonly phone?: string;
  readonly userId?: string;
}

/** A user whom Meta did not block or unblock. */
export interface BlockFailure {
  /** As it was given, or as Meta knows them. */
  readonly user: string;
  /** Of Meta, for example 131047: they have not written in the last 24 hours. 0 where none was told. */
  readonly code: number;
  readonly reason: string;
}

/** Reads `block_users.failed_users` of an answer. */
export function failedUsers(answer: unknown): BlockFailure[] {
  const failed = recordIn(recordIn(answer, 'block_users'), 'failed_users');
  return (Array.isArray(failed) ? (failed as unknown[]) : []).map((each) => {
    const about = typeof each === 'object' && each !== null ? (each as Record<string, unknown>) : {};
    const error = recordIn(recordIn(about, 'errors'), '0');
    const { code, message } = error ?? {};
    const details = recordIn(error, 'error_data')?.['details'];
    return {
      user: [about['input'], about['wa_id'], about['user_id']].find((id) => typeof id === 'string') ?? '',
      code: typeof code === 'number' ? code : 0,
      reason: [message, details].filter((text) => typeof text === 'string').join(': ') || 'Meta says no more',
    };
  });
}
