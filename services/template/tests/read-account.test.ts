import { Failure } from '@switchboard/errors';
import { createReadAccount, type Pace } from '../src/use-cases/read-account.js';
import { type MetaPage } from '../src/use-cases/ports.js';

/** TP-2 How fast an account is read. */

const slow: Pace = { callFor: 'reading', pauseMs: 2_000, tries: 3 };
const exhausted = new Failure('exhausted', 'meta.80007', 'too many calls', { retryAfterMs: 90_000 });
const away = new Failure('unavailable', 'meta.unreachable', 'away');

/** Meta as a row of answers; what was slept and asked is written down. */
function start(...answers: (MetaPage | Failure)[]) {
  const slept: number[] = [];
  const asked: (string | undefined)[] = [];
  const gone: string[] = [];
  const readAccount = createReadAccount({
    templates: {
      command: (id) => {
        gone.push(id);
        return Promise.resolve({ became: 'another' } as never);
      },
    },
    directory: { atMeta: () => Promise.resolve(['215 a en', '215 lost en']) },
    meta: {
      page: (_, after) => {
        asked.push(after);
        const answer = answers.shift();
        return answer instanceof Failure || !answer
          ? Promise.reject(answer ?? new Error('asked too often'))
          : Promise.resolve(answer);
      },
    },
    takeOver: { seen: () => Promise.resolve(undefined), look: () => Promise.resolve(undefined) },
    idOf: (...all) => all.join(' '),
    now: () => new Date(0),
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      return Promise.resolve();
    },
  });
  return {
    slept,
    asked,
    gone,
    read: (pace = slow, signal = new AbortController().signal) => readAccount('215', pace, signal),
  };
}

const page = (name: string, after?: string): MetaPage => ({ templates: [], unread: [{ name, language: 'en' }], after });

it('pauses after each page, and marks what was on none of them', async () => {
  const { slept, asked, gone, read } = start(page('a', '1'), page('b', '2'), page('c'));

  expect(await read()).toMatchObject({ read: 3, gone: 1 });

  expect(asked).toEqual([undefined, '1', '2']);
  expect(slept).toEqual([2_000, 2_000]);
  expect(gone).toEqual(['215 lost en']);
});

it('waits for the end of a limit as long as Meta says, and a while where Meta is away, then goes on at the same page', async () => {
  const { slept, asked, read } = start(page('a', '1'), exhausted, away, page('b'));

  await read();

  expect(asked).toEqual([undefined, '1', '1', '1']);
  expect(slept).toEqual([2_000, 90_000, 5_000]);
});

it('gives up after so many tries, and marks nothing', async () => {
  const { gone, read } = start(page('a', '1'), away, away, away, away);

  await expect(read()).rejects.toBe(away);
  expect(gone).toEqual([]);
});

it('does not try again what is no matter of time', async () => {
  const { slept, read } = start(new Failure('conflict', 'template.no-token', 'none'));

  await expect(read()).rejects.toMatchObject({ code: 'template.no-token' });
  expect(slept).toEqual([]);
});

it('ends when the process does', async () => {
  const { asked, read } = start(page('a'));

  await expect(read(slow, AbortSignal.abort())).rejects.toThrow('aborted');
  expect(asked).toEqual([]);
});
