import { isTransient } from '@switchboard/errors';
import {
  type CallFor,
  type Clock,
  type Directory,
  type MetaPage,
  type MetaTemplates,
  type Sleep,
  type TemplateIdOf,
  type Templates,
} from './ports.js';
import { type TakeOver } from './take-over.js';

export interface Reading {
  readonly read: number;
  readonly changed: number;
  readonly found: number;
  readonly gone: number;
  readonly endedAt: Date;
}

/** How fast an account is read. */
export interface Pace {
  readonly callFor: CallFor;
  /** Between two pages. */
  readonly pauseMs: number;
  /** How often a page is asked for again while Meta is away or its limit is reached; 0 tells the caller at once. */
  readonly tries: number;
}

/** Templates that are written at the same time. */
const AT_ONCE = 16;
const LIST_PAGE = 500;
const LEAST_WAIT_MS = 5_000;

export type ReadAccount = ReturnType<typeof createReadAccount>;

/**
 * Reads all templates of an account from Meta, page by page, and takes over what is different (TP-2). What is heard of a
 * template while its page is on its way is newer than the page. Those that Meta has no more are marked when all was read.
 */
export function createReadAccount(deps: {
  templates: Pick<Templates, 'command'>;
  directory: Pick<Directory, 'atMeta'>;
  meta: Pick<MetaTemplates, 'page'>;
  takeOver: TakeOver;
  idOf: TemplateIdOf;
  now: Clock;
  sleep: Sleep;
}) {
  const { templates, directory, meta, takeOver, idOf, now, sleep } = deps;

  async function pageOf(wabaId: string, after: string | undefined, { callFor, tries }: Pace, signal: AbortSignal) {
    for (let left = tries; ; left -= 1) {
      signal.throwIfAborted();
      const readAt = now();
      try {
        return { readAt, page: await meta.page(wabaId, after, callFor) };
      } catch (error) {
        if (!isTransient(error) || left <= 0) throw error;
        await sleep(Math.max(LEAST_WAIT_MS, error.retryAfterMs ?? 0), signal);
      }
    }
  }

  async function take(wabaId: string, { templates: read }: MetaPage, readAt: Date) {
    const tally = { changed: 0, found: 0 };
    await inTurns(read, async (template) => {
      const became = (await takeOver.seen(wabaId, template, readAt))?.became;
      if (became === 'another') tally.changed += 1;
      if (became === 'made') tally.found += 1;
    });
    return tally;
  }

  async function markGone(wabaId: string, seen: ReadonlySet<string>, readAt: Date): Promise<number> {
    let gone = 0;
    for (let after: string | undefined = ''; after !== undefined;) {
      const ids: readonly string[] = await directory.atMeta(wabaId, after, LIST_PAGE);
      const missing = ids.filter((id) => !seen.has(id));
      await inTurns(missing, async (id) => {
        const { became } = await templates.command(id, { kind: 'gone', at: now(), readAt });
        if (became !== 'the same') gone += 1;
      });
      after = ids.length < LIST_PAGE ? undefined : ids.at(-1);
    }
    return gone;
  }

  return async function readAccount(wabaId: string, pace: Pace, signal: AbortSignal): Promise<Reading> {
    const begunAt = now();
    const seen = new Set<string>();
    let [read, changed, found] = [0, 0, 0];
    let after: string | undefined;
    do {
      if (after !== undefined && pace.pauseMs > 0) await sleep(pace.pauseMs, signal);
      const { page, readAt } = await pageOf(wabaId, after, pace, signal);
      for (const { name, language } of [...page.templates, ...page.unread]) seen.add(idOf(wabaId, name, language));
      const tally = await take(wabaId, page, readAt);
      read += page.templates.length + page.unread.length;
      changed += tally.changed;
      found += tally.found;
      after = page.after;
    } while (after !== undefined);
    const gone = await markGone(wabaId, seen, begunAt);
    return { read, changed, found, gone, endedAt: now() };
  };
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) await Promise.all(items.slice(at, at + AT_ONCE).map(work));
}
