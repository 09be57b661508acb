import { translated } from '@switchboard/mongo';
import type { Connection } from 'mongoose';
import type { Chat } from '../../domain/chat/chat.js';
import type { Standing, Want } from '../../domain/desk/want.js';
import type { DeskIndex } from '../../use-cases/desk/ports.js';
import { isWaiting } from './asks.js';
import { THREADS } from './thread-index.js';

export const DESKS = 'desks';
const PAGE = 500;
const majority = { readConcern: 'majority' as const };

interface StandingThread {
  _id: string;
  chat?: Pick<Chat, 'id' | 'state' | 'operator'> | null;
  deskCount?: number;
  want?: Want | null;
}

export function createDeskIndex(connection: Connection): DeskIndex {
  const desks = connection.collection<{ _id: string }>(DESKS);
  const threads = connection.collection<StandingThread>(THREADS);
  return {
    async *organisations() {
      for (let after = ''; ;) {
        const filter = { _id: { $gt: after } };
        const options = { projection: { _id: 1 }, sort: { _id: 1 }, limit: PAGE, ...majority } as const;
        const page = await translated(() => desks.find(filter, options).toArray());
        if (page.length > 0) yield page.map(({ _id }) => _id);
        if (page.length < PAGE) break;
        after = page.at(-1)?._id ?? '';
      }
      // Somebody may wait for a desk that never was written.
      const filter = { 'owner.organisationId': { $gt: '' }, ...isWaiting };
      const waiting = await translated(() => threads.distinct('owner.organisationId', filter, majority));
      for (let from = 0; from < waiting.length; from += PAGE) yield waiting.slice(from, from + PAGE) as string[];
    },
    lines: (organisationId) =>
      translated(async () => {
        const filter = { 'owner.organisationId': organisationId, ...isWaiting };
        const lines = (await threads.distinct('want.line', filter, majority)) as string[];
        return lines.filter((line) => line !== '');
      }),
    standing: (threadIds) =>
      translated(async () => {
        if (threadIds.length === 0) return new Map<string, Standing>();
        const projection = { 'chat.id': 1, 'chat.state': 1, 'chat.operator': 1, deskCount: 1, want: 1 } as const;
        const found = await threads.find({ _id: { $in: [...threadIds] } }, { projection, ...majority }).toArray();
        return new Map(found.flatMap(standingOf));
      }),
  };
}

function standingOf({ _id, chat, deskCount: count = 0, want = null }: StandingThread): [string, Standing][] {
  if (!chat) return [];
  const { id: chatId, state, operator } = chat;
  return [
    [_id, { chatId, count, want, isOpen: state !== 'completed', operatorId: state === 'active' ? operator : '' }],
  ];
}
