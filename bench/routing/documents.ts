import type { ThreadEvent } from '@switchboard/contracts/routing/v1/events';

/** The documents that routing keeps, as the straight-line code needs them. */
export interface ThreadRow {
  _id: string;
  v: number;
  seq: number;
  src: Record<string, number>;
  number: string;
  customer: string;
  party: object;
  chat: ChatOfThread | null;
  chats: number;
  ring: { w: string; t: Date }[];
  last: { wamid: string; at: Date } | null;
  out: {
    seq: number;
    i: number;
    c: [string, number, number];
    to: string;
    k: string;
    id: string;
    at: Date;
    b: Buffer;
  }[];
  outAt: Date | null;
}

export interface ChatOfThread {
  id: string;
  state: 'waiting';
  openedAt: Date;
  unread: number;
  lastAt: Date;
  lastPreview: string;
}

export interface TranscriptRow {
  _id: string;
  t: string;
  s: number;
  at: Date;
  c: string;
  w?: string;
  l?: true;
  b: Buffer;
}

export interface ChatRow extends Omit<ChatOfThread, 'id'> {
  _id: string;
  threadId: string;
  number: string;
  customer: string;
  organisationId: string;
  party: object;
  sequence: number;
}

export interface Told {
  readonly event: ThreadEvent;
  readonly bytes: Buffer;
}
