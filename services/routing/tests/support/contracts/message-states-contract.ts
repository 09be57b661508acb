import { type MessageStateRow, type MessageStates } from '../../../src/use-cases/ports.js';
import { fresh } from '../fresh.js';
import { at } from '../threads.js';

export function messageStatesContract(name: string, open: () => MessageStates): void {
  describe(`${name} states of messages`, () => {
    const row = (messageId: string, sequence: number, state: number, more: Partial<MessageStateRow> = {}) => ({
      messageId,
      threadId: 't',
      sequence,
      state,
      reached: state,
      wamid: '',
      at: at(sequence),
      code: '',
      reason: '',
      ...more,
    });

    it('are those of the highest sequence, in whatever order they are told', async () => {
      const [states, id] = [open(), fresh('m')];

      await states.note([row(id, 2, 3, { wamid: 'w', code: 'c', reason: 'r' }), row(id, 1, 1)]);
      await states.note([row(id, 1, 1)]);

      expect(await states.of([id])).toMatchObject([
        { messageId: id, threadId: 't', sequence: 2, state: 3, wamid: 'w', code: 'c', reason: 'r' },
      ]);
    });

    it('keep the earliest time of each state', async () => {
      const [states, id] = [open(), fresh('m')];

      await states.note([row(id, 1, 1), row(id, 2, 4, { at: at(9) }), row(id, 3, 5, { reached: 4, at: at(6) })]);

      const [found] = await states.of([id]);
      expect(found?.state).toBe(5);
      expect([...(found?.times ?? [])].sort((a, b) => a.state - b.state)).toEqual([
        { state: 1, at: at(1) },
        { state: 4, at: at(6) },
      ]);
    });

    it('keep Meta’s id when a later word does not have it', async () => {
      const [states, id] = [open(), fresh('m')];

      await states.note([row(id, 1, 3, { wamid: 'w' })]);
      await states.note([row(id, 2, 9)]);

      expect(await states.of([id])).toMatchObject([{ wamid: 'w', state: 9 }]);
    });

    it('are told of those that are there', async () => {
      const states = open();
      await states.note([]);

      expect(await states.of([])).toEqual([]);
      expect(await states.of([fresh('m')])).toEqual([]);
    });
  });
}
