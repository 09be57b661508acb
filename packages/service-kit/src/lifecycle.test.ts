import type { Component } from './component.js';
import { startAll } from './lifecycle.js';

const quiet = { info: () => undefined, error: () => undefined };

function recorder() {
  const said: string[] = [];
  const part = (name: string, start?: () => Promise<void>): Component => ({
    name,
    async start() {
      said.push(`start ${name}`);
      await start?.();
    },
    stop() {
      said.push(`stop ${name}`);
      return Promise.resolve();
    },
  });
  return { said, part };
}

describe('the parts of a service', () => {
  it('start in order and stop in reverse', async () => {
    const { said, part } = recorder();

    const stop = await startAll([part('a'), part('b'), part('c')], quiet);
    await stop();

    expect(said).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  it('are stopped when a later one fails to start', async () => {
    const { said, part } = recorder();
    const failing = part('b', () => Promise.reject(new Error('no port')));

    await expect(startAll([part('a'), failing, part('c')], quiet)).rejects.toThrow('no port');

    expect(said).toEqual(['start a', 'start b', 'stop b', 'stop a']);
  });

  it('go on stopping when one of them does not stop cleanly', async () => {
    const { said, part } = recorder();
    const stuck = { ...part('b'), stop: () => Promise.reject(new Error('stuck')) };

    const stop = await startAll([part('a'), stuck], quiet);
    await stop();

    expect(said.at(-1)).toBe('stop a');
  });

  it('are told to stop while one waits for a dependency', async () => {
    const { said, part } = recorder();
    const stopping = new AbortController();
    let giveUp: (error: Error) => void = () => undefined;
    const waiting: Component = {
      ...part(
        'b',
        () =>
          new Promise((_, reject) => {
            giveUp = reject;
          }),
      ),
      stop() {
        said.push('stop b');
        giveUp(new Error('stopped'));
        return Promise.resolve();
      },
    };

    const starting = startAll([part('a'), waiting, part('c')], quiet, stopping.signal);
    await Promise.resolve();
    await Promise.resolve();
    stopping.abort();
    const stop = await starting;
    await stop();

    expect(said).not.toContain('start c');
    expect(said.at(-1)).toBe('stop a');
  });
});
