import fc from 'fast-check';
import { foldCommands } from './fold-commands.js';
import { type Command, COMMANDS_KEPT_MS } from './timer.js';

const content = { firedKey: 'number', payload: new Uint8Array([1]) };
const name = { owner: 'routing', key: 'a' };
const arm = (version: number, due: number): Command => ({ ...name, version, what: { kind: 'arm', due, content } });
const reset = (version: number, due: number): Command => ({ ...name, version, what: { kind: 'reset', due } });
const cancel = (version: number, at: number): Command => ({ ...name, version, what: { kind: 'cancel', at } });
const folded = (...commands: Command[]) => foldCommands(commands).get('routing/a');

describe('commands of one timer', () => {
  it('become one write, by the newest version', () => {
    expect(folded(arm(1, 100), reset(2, 200), reset(3, 300))).toEqual({
      id: 'routing/a',
      version: 3,
      due: 300,
      content,
      isCancelled: false,
    });
  });

  it('TM-1 that go backwards are ignored', () => {
    expect(folded(arm(3, 100), arm(2, 50), cancel(3, 0))).toMatchObject({ version: 3, due: 100, isCancelled: false });
  });

  it('keep no content where none was armed: only a timer that is there moves', () => {
    expect(folded(reset(4, 100))).toEqual({ id: 'routing/a', version: 4, due: 100, isCancelled: false });
  });

  it('that cancel keep the version until the deadline, at most as long as older commands may come', () => {
    expect(folded(arm(1, 100), cancel(2, 50))).toMatchObject({ version: 2, due: 100, isCancelled: true, content });
    expect(folded(arm(1, 1e12), cancel(2, 50))).toMatchObject({ due: 50 + COMMANDS_KEPT_MS });
  });

  it('after a cancellation begin anew by arming only', () => {
    expect(folded(arm(1, 100), cancel(2, 50), reset(3, 200))).toMatchObject({ version: 2, isCancelled: true });
    expect(folded(arm(1, 100), cancel(2, 50), arm(3, 200))).toMatchObject({ version: 3, isCancelled: false });
  });

  it('of other timers do not meet', () => {
    const writes = foldCommands([arm(1, 100), { ...arm(9, 200), key: 'b' }, { ...arm(9, 300), owner: 'egress' }]);

    expect([...writes.keys()]).toEqual(['routing/a', 'routing/b', 'egress/a']);
  });

  it('have one newest version, wherever the log is cut', () => {
    const command = fc.oneof(
      fc.tuple(fc.nat(20), fc.nat(1_000)).map(([version, due]) => arm(version, due)),
      fc.tuple(fc.nat(20), fc.nat(1_000)).map(([version, due]) => reset(version, due)),
    );
    fc.assert(
      fc.property(fc.array(command, { minLength: 1 }), fc.nat(), (commands, cut) => {
        const at = cut % commands.length;
        const [before, after] = [folded(...commands.slice(0, at)), folded(...commands.slice(at))];
        const last = !before || (after && after.version > before.version) ? after : before;
        const whole = folded(...commands);

        expect(whole?.version).toBe(last?.version);
        expect(whole?.due).toBe(last?.due);
      }),
    );
  });
});
