import type { AttachedBot, SealedSecret } from '../../domain/bots/attached-bot.js';

/** Bots of numbers. Reads what a majority has. */
export interface BotStore {
  /** Those there are, detached ones too. */
  readonly find: (numbers: readonly string[]) => Promise<readonly AttachedBot[]>;
  /** Keeps a version; false when it is not the one after the newest: somebody else was first. */
  readonly save: (next: AttachedBot) => Promise<boolean>;
}

/** Seals secrets under the installation's key and opens them again (SE-4). Opening throws `unavailable` without the key. */
export interface Vault {
  readonly seal: (plaintext: string) => SealedSecret;
  readonly open: (secret: SealedSecret) => string;
}

/** False for hosts of private networks, where the installation does not let us call them. */
export type MayBeCalled = (host: string) => boolean;

/** How a call of a webhook ended. */
export type PostOutcome =
  | { readonly kind: 'delivered' }
  /** It wants nothing any more. */
  | { readonly kind: 'gone' }
  /** Not now: another attempt may do. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number }
  /** It must not be called. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Posts a signed body once. Never throws. */
export type PostWebhook = (call: {
  readonly url: string;
  readonly secret: string;
  readonly id: string;
  readonly body: string;
  readonly signal: AbortSignal;
}) => Promise<PostOutcome>;

/** Waits, or until the signal aborts; never throws. */
export type PauseUntil = (ms: number, signal: AbortSignal) => Promise<void>;

/** A signing secret that nobody knows: `whsec_` and base64 of 32 bytes. */
export type NewSecret = () => string;
