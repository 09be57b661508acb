import type { Clock } from '../clock.js';
import type { Callback, Receiver } from './callback.js';
import { sourceOf, type Update, wabaOf } from './envelope.js';

const VERIFY_AGAIN_MS = 500;
// Only these fields follow an override; all others go to the app's address.
// prettier-ignore
const overridable = new Set([
  'messages', 'message_echoes', 'calls', 'consumer_profile', 'messaging_handovers', 'group_lifecycle_update',
  'group_participants_update', 'group_settings_update', 'group_status_update', 'smb_message_echoes',
  'smb_app_state_sync', 'history', 'account_settings_update',
]);

export interface AddressState {
  readonly callback: Callback;
  verified: boolean;
}

export type Addresses = ReturnType<typeof createAddresses>;

/** The app's address and the overrides of WABAs and numbers: number before WABA before app. */
export function createAddresses(deps: {
  clock: Clock;
  receiver: Receiver;
  challenge: () => string;
  isSubscribed: (wabaId: string) => boolean;
  verified: () => void;
}) {
  let app: AddressState | undefined;
  const overrides = new Map<string, AddressState>();
  const states = () => [...(app ? [app] : []), ...overrides.values()];

  async function verify(state: AddressState): Promise<boolean> {
    if (state.verified || !states().includes(state)) return state.verified;
    state.verified = await deps.receiver.verify(state.callback, deps.challenge());
    if (state.verified) deps.verified();
    // The receiver may start later than we do.
    else deps.clock.at(deps.clock.now() + VERIFY_AGAIN_MS, () => verify(state).then(() => undefined));
    return state.verified;
  }

  return {
    app: () => app,
    override: (id: string) => overrides.get(id),
    /** Takes the app's address into use; what is sent waits until it is verified. */
    async set(callback: Callback | undefined): Promise<void> {
      app = callback && { callback, verified: callback.verify_token === '' };
      if (app?.verified) deps.verified();
      else if (app) await verify(app);
    },
    /** @returns false when the address does not verify; nothing has changed then. */
    async setOverride(id: string, callback: Callback | undefined): Promise<boolean> {
      if (!callback) return overrides.delete(id) || true;
      if (!(await deps.receiver.verify(callback, deps.challenge()))) return false;
      overrides.set(id, { callback, verified: true });
      return true;
    },
    callbackOf: (update: Update): Callback | undefined => {
      if (!deps.isSubscribed(wabaOf(update))) return undefined;
      if (!overridable.has(update.field)) return app?.callback;
      const override = overrides.get(sourceOf(update)) ?? overrides.get(wabaOf(update));
      return (override ?? app)?.callback;
    },
    isVerified: (callback: Callback) => states().some((state) => state.callback === callback && state.verified),
    /** The app's address stays; one that was not verified yet is tried again. */
    clear: () => {
      overrides.clear();
      if (app) void verify(app);
    },
  };
}
