// A service of one or two parts, run as a process of its own; what it does badly is its argument.
import { Gauge } from 'prom-client';
import { invalidSettings, run, withSpan } from '../../dist/index.js';

const [trait] = process.argv.slice(2);
const forever = () => new Promise(() => setInterval(() => undefined, 1_000));

const readConfig = ({ WORD }) => {
  if (WORD === undefined) throw invalidSettings(['WORD is missing']);
  return { word: WORD };
};

await run(
  'example',
  readConfig,
  ({ word }, { logger, metrics }) => {
    const part = (name, more = {}) => ({
      name,
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(logger.info({ part: name }, 'stopped a part')),
      ...more,
    });
    if (trait === 'away') {
      new Gauge({ name: 'example_degraded', help: 'x', labelNames: ['part'], registers: [metrics] }).set(
        { part: 'log' },
        1,
      );
    }
    /** Starts when its dependency is there, which is never; a stop ends the waiting. */
    const waiting = (name) => {
      let giveUp;
      return part(name, {
        start: () => new Promise((_, reject) => (giveUp = reject)),
        stop: () => Promise.resolve(giveUp?.(new Error('stopped'))),
      });
    };
    return {
      plain: [part('first', { start: () => Promise.resolve(logger.info({ word }, 'told')) }), part('second')],
      traced: [part('first', { start: () => withSpan('work', {}, () => Promise.resolve()) })],
      away: [part('first')],
      'waits-to-start': [part('first'), waiting('second')],
      'fails-to-start': [part('first'), part('second', { start: () => Promise.reject(new Error('no port')) })],
      'fails-and-hangs': [
        part('first', { stop: forever }),
        part('second', { start: () => Promise.reject(new Error('no port')) }),
      ],
      'hangs-when-stopped': [part('first', { stop: forever })],
      'forgets-a-rejection': [
        part('first', { start: () => Promise.resolve(void Promise.reject(new Error('nobody caught me'))) }),
        part('second', { start: forever }),
      ],
      'throws-later': [
        part('first', {
          start: () => {
            setImmediate(() => {
              throw new Error('nobody caught me');
            });
            return forever();
          },
        }),
      ],
    }[trait];
  },
  process.env,
);
