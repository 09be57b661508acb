import { type Accounts, type Clock, type Directory, type Warn } from './ports.js';
import { type Pace, type ReadAccount } from './read-account.js';
import { type TakeOver } from './take-over.js';

/** Arms the timer of an account; an earlier version than the one that is armed changes nothing. */
export type ArmReading = (wabaId: string, version: number, due: Date) => Promise<void>;

const HOUR_MS = 3_600_000;
const SOON_MS = 5_000;
const TRIES = 60;

export type ReadHourly = ReturnType<typeof createReadHourly>;

/**
 * Reads every account each hour by a durable timer, slowly, and beside everything else: what a process did not end, the
 * next hour does. An account of which nothing is known yet is read soon.
 */
export function createReadHourly(deps: {
  accounts: Accounts;
  directory: Pick<Directory, 'countAtMeta'>;
  readAccount: ReadAccount;
  takeOver: Pick<TakeOver, 'look'>;
  arm: ArmReading;
  now: Clock;
  /** Spreads accounts over the hour. */
  offsetMs: (wabaId: string, within: number) => number;
  pauseMs: number;
  warn: Warn;
}) {
  const { accounts, directory, readAccount, takeOver, arm, now, offsetMs, warn } = deps;
  const pace: Pace = { callFor: 'reading', pauseMs: deps.pauseMs, tries: TRIES };
  const stopping = new AbortController();
  const reading = new Map<string, Promise<void>>();
  const looking = new Set<Promise<void>>();

  const hourOf = (wabaId: string): number => Math.floor((now().getTime() - offsetMs(wabaId, HOUR_MS)) / HOUR_MS);

  async function armNext(wabaId: string): Promise<void> {
    const hour = hourOf(wabaId) + 1;
    await arm(wabaId, hour, new Date(hour * HOUR_MS + offsetMs(wabaId, HOUR_MS)));
  }

  async function armFirst(wabaId: string): Promise<void> {
    if ((await directory.countAtMeta(wabaId)) > 0) await armNext(wabaId);
    else await arm(wabaId, hourOf(wabaId), new Date(now().getTime() + SOON_MS));
  }

  /** Without waiting for it. */
  function begin(wabaId: string): void {
    if (reading.has(wabaId) || stopping.signal.aborted) return;
    const run = readAccount(wabaId, pace, stopping.signal).then(
      () => undefined,
      (error: unknown) => {
        if (!stopping.signal.aborted)
          warn({ wabaId, err: error }, 'an account could not be read; the next hour tries again');
      },
    );
    reading.set(wabaId, run);
    void run.finally(() => reading.delete(wabaId));
  }

  /** Looks at one template at Meta, without waiting for it; the reading of the hour mends what fails. */
  function lookSoon(wabaId: string, name: string, language: string): void {
    if (accounts.organisationsOf(wabaId).length === 0) return;
    const run = takeOver.look(wabaId, name, language, 'reading').then(
      () => undefined,
      (error: unknown) => {
        warn({ wabaId, name, language, err: error }, 'a template could not be looked at; the next hour tries again');
      },
    );
    looking.add(run);
    void run.finally(() => looking.delete(run));
  }

  return {
    lookSoon,
    /** Arms the timers of all accounts, and of those to come. */
    async start(): Promise<void> {
      accounts.onFirstNumber((wabaId) => {
        armFirst(wabaId).catch((error: unknown) => {
          warn({ wabaId, err: error }, 'the reading of an account could not be armed; the next start does it');
        });
      });
      for (const wabaId of accounts.all()) await armFirst(wabaId);
    },
    /** Its hour has come. False for an account that is nobody's any more: its timer ends here. */
    async fired(wabaId: string): Promise<boolean> {
      if (accounts.organisationsOf(wabaId).length === 0) return false;
      await armNext(wabaId);
      begin(wabaId);
      return true;
    },
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all([...reading.values(), ...looking]);
    },
  };
}
