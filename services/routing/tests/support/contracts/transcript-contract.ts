import { type Project } from '@switchboard/aggregates';
import { ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import { type Thread } from '../../../src/domain/thread.js';
import { type Transcript, type TranscriptPlace } from '../../../src/use-cases/ports.js';
import { newNumber } from '../fresh.js';
import { completed, received, teller, threadOf, whoseOf } from '../threads.js';
import { type Projected } from './projected.js';

export function transcriptContract(name: string, open: () => Projected): void {
  describe(`${name} transcript`, () => {
    const start = () => {
      const { project, transcript } = open();
      return { transcript, number: newNumber(), ...teller(undefined, project) };
    };
    const wamidsOf = (entries: readonly { readonly event: Uint8Array }[]): string[] =>
      entries.map(({ event }) => {
        const detail = ThreadEvent.decode(event).event;
        return detail?.$case === 'messageAppended' || detail?.$case === 'noticeAppended'
          ? detail.value.whatsappMessageId
          : (detail?.$case ?? '');
      });
    async function allPages(transcript: Transcript, threadIds: string[], limit: number, chatId?: string) {
      const pages: string[][] = [];
      let before: TranscriptPlace | undefined;
      do {
        const { entries, next } = await transcript.page({ threadIds, chatId, before, limit });
        pages.push(wamidsOf(entries));
        before = next;
      } while (before && pages.length < 20);
      return pages;
    }

    it('shows messages, replies and notices, newest first; what was noted on them stands apart', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(
        ana,
        received(ana, 'a', 1),
        received(ana, 'b', 2, { what: 'notice' }),
        received(ana, 'r1', 3, { what: 'reaction', target: 'a', emoji: '👍' }),
        received(ana, 'e1', 4, { what: 'edit', target: 'a' }),
        received(ana, 'x', 5, { what: 'revocation', target: 'b' }),
        received(ana, 'c', 6),
      );

      expect(await allPages(transcript, [threadOf(ana)], 10)).toEqual([['c', 'b', 'a']]);
      const notes = await transcript.notes([threadOf(ana)], ['a']);
      expect(wamidsOf(notes)).toEqual(['reactionChanged', 'messageEdited']);
      expect(await transcript.notes([threadOf(ana)], [])).toEqual([]);
    });

    it('CH-12 gives notes by their time, then their sequence, whichever came first', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      const react = (itemId: string, second: number) =>
        received(ana, itemId, second, { what: 'reaction', target: 'a', emoji: itemId });
      await tell(ana, react('late', 9), react('early', 3), react('early-too', 3));

      const notes = await transcript.notes([threadOf(ana)], ['a']);

      expect(notes.map(({ sequence }) => sequence)).toEqual([2, 3, 1]);
    });

    it('pages through messages of one instant, over several threads, each once', async () => {
      const { transcript, tell, number } = start();
      const people = ['a', 'b', 'c'].map((customer) => whoseOf(number, customer));
      for (const whose of people) {
        await tell(whose, ...[1, 2, 3, 4].map((n) => received(whose, `${whose.customer}${n}`, 7)));
      }
      const threadIds = people.map(threadOf);
      const expected = (await allPages(transcript, threadIds, 100)).flat();

      const pages = await allPages(transcript, threadIds, 5);

      expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
      expect(pages.flat()).toEqual(expected);
      expect(new Set(expected).size).toBe(12);
    });

    it('has no next page when the last one is just full', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(ana, received(ana, 'a', 1), received(ana, 'b', 2));

      const page = await transcript.page({
        threadIds: [threadOf(ana)],
        chatId: undefined,
        before: undefined,
        limit: 2,
      });

      expect(page.next).toBeUndefined();
    });

    it('shows one chat alone where one is named', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(ana, received(ana, 'h', 1, { what: 'history' }), received(ana, 'a', 2), completed(ana, 1, 3));
      await tell(ana, received(ana, 'b', 4), received(ana, 'c', 5));

      expect(await allPages(transcript, [threadOf(ana)], 1, `${threadOf(ana)}:2`)).toEqual([['c'], ['b']]);
      expect(await allPages(transcript, [threadOf(ana)], 9, `${threadOf(ana)}:1`)).toEqual([['a']]);
      expect(await allPages(transcript, [threadOf(ana)], 9)).toEqual([['c', 'b', 'a', 'h']]);
    });

    it('RX-4 knows which items a thread has', async () => {
      const { transcript, tell, number } = start();
      const [ana, bob] = [whoseOf(number, 'ana'), whoseOf(number, 'bob')];
      await tell(ana, received(ana, 'a', 1), received(ana, 'n', 2, { what: 'notice' }));
      await tell(bob, received(bob, 'b', 1));
      const asked = [
        [ana, 'a'],
        [ana, 'n'],
        [ana, 'b'],
        [bob, 'b'],
        [bob, 'z'],
      ] as const;

      const known = await transcript.has(asked.map(([whose, itemId]) => ({ threadId: threadOf(whose), itemId })));

      const isKnown = asked.map(([whose, itemId]) => known.has(`${threadOf(whose)} ${itemId}`));
      expect(isKnown).toEqual([true, true, false, true, false]);
      expect(await transcript.has([])).toEqual(new Set());
    });

    it('says whether an entry is there', async () => {
      const { transcript, tell, number } = start();
      const ana = whoseOf(number, 'ana');
      await tell(ana, received(ana, 'a', 1));

      const isThere = [1, 2, 4].map((sequence) => transcript.isThere(threadOf(ana), sequence));

      expect(await Promise.all(isThere)).toEqual([true, true, false]);
    });
  });

  describe(`${name} projection`, () => {
    it('may be written again, late and in any order, and stays what it is', async () => {
      const { project, transcript, chatRows } = open();
      const writes: Parameters<Project<Thread>>[0][] = [];
      const { tell } = teller(undefined, (written) => {
        writes.push(written);
        return Promise.resolve();
      });
      const ana = whoseOf(newNumber(), 'ana');
      await tell(ana, received(ana, 'a', 1), completed(ana, 1, 2), received(ana, 'b', 3));

      for (const write of [...writes].reverse()) await project(write);
      for (const write of writes) await project(write);

      const { entries } = await transcript.page({
        threadIds: [threadOf(ana)],
        chatId: undefined,
        before: undefined,
        limit: 9,
      });
      expect(wamidsOfMessages(entries)).toEqual(['b', 'a']);
      expect(await chatRows.find(`${threadOf(ana)}:1`, 'acme')).toMatchObject({ state: 'completed' });
      expect(await chatRows.find(`${threadOf(ana)}:2`, 'acme')).toMatchObject({ state: 'waiting', lastPreview: 'b' });
    });
  });
}

const wamidsOfMessages = (entries: readonly { readonly event: Uint8Array }[]): string[] =>
  entries.flatMap(({ event }) => {
    const detail = ThreadEvent.decode(event).event;
    return detail?.$case === 'messageAppended' ? [detail.value.whatsappMessageId] : [];
  });
