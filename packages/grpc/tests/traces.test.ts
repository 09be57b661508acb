import { inTrace, traceParent } from '@switchboard/service-kit';
import { unary } from '../src/index.js';
import { serve, stopAll } from './support/serve.js';

afterEach(stopAll);

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** What the other side of a call is told of the trace it belongs to, across an await. */
async function askedIn(header: string | undefined): Promise<string> {
  const { client } = await serve({
    listQuarantined: unary(async () => {
      await Promise.resolve();
      return { items: [], nextPageToken: traceParent() ?? 'none' };
    }),
  });
  const { nextPageToken } = await inTrace('test', { parent: header }, () => client.listQuarantined({}));
  return nextPageToken;
}

describe('the trace of a call', () => {
  it('goes on at the other side, where none are collected too', async () => {
    expect(await askedIn(parent)).toBe(parent);
  });

  it('is none where there is none', async () => {
    expect(await askedIn(undefined)).toBe('none');
  });

  it('goes on inside a stream', async () => {
    const { watcher } = await serve({}, async function* () {
      await Promise.resolve();
      yield { cursor: traceParent() ?? 'none', change: undefined };
    });
    const cursors: string[] = [];

    await inTrace('test', { parent }, async () => {
      for await (const { cursor } of watcher.watchChats({})) cursors.push(cursor);
    });

    expect(cursors).toEqual([parent]);
  });

  it('is not taken from what is none', async () => {
    expect(await askedIn('00-not-a-trace-01')).toBe('none');
  });
});
