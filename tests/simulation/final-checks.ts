import type { StoredAggregate } from '@switchboard/aggregates';
import type { Account, Thread, Wallet } from './domain.ts';
import type { World } from './world.ts';
import { accountIds } from './pod.ts';

/** What must hold when everything has come to rest. */
export function checkAtRest(world: World): void {
  const { mongo, observer, expected, violated } = world;
  for (const [threadId, fed] of expected.fed) {
    checkThread(world, threadId, fed, mongo.documents('threads').get(threadId));
  }
  for (const [id, { threadId, isAcknowledged }] of expected.commands) {
    const times = count(observer.heard('threads', threadId), id);
    if (times > 1) violated(`the command ${id} had its effect ${times} times`);
    if (isAcknowledged && times === 0) violated(`the command ${id} was acknowledged and had no effect`);
  }
  checkWallet(world);
  for (const id of accountIds) checkAccount(world, id);
}

function checkThread(
  { observer, transcript, rows, expected, violated }: World,
  threadId: string,
  fed: readonly { readonly topic: string; readonly id: string }[],
  document: StoredAggregate | undefined,
): void {
  const heard = observer.heard('threads', threadId);
  for (const topic of ['m', 's']) {
    const inOrder = fed.flatMap((one) => (one.topic === topic && !one.id.includes('x') ? [one.id] : []));
    const wanted = new Set(inOrder);
    const got = heard.filter((id) => wanted.has(id));
    if (got.join() !== inOrder.join()) violated(`${threadId} got ${got.join()} of ${topic}, not ${inOrder.join()}`);
  }
  for (const { id } of fed) {
    if (!id.includes('x')) continue;
    if (!observer.saidOn('set-aside').has(id)) violated(`${id} was poison and is not set aside`);
    if (count(heard, id) !== (expected.replayed.has(id) ? 1 : 0))
      violated(`${id} was applied ${count(heard, id)} times`);
  }
  for (const id of heard) {
    if (id.includes('t') && !observer.saidOn('timers').has(id)) violated(`the timer of ${id} was never said`);
  }
  if (!document) {
    if (heard.length > 0) violated(`${threadId} has vanished`);
    return;
  }
  if (document.sequence !== heard.length)
    violated(`${threadId} is at ${document.sequence}, its topic at ${heard.length}`);
  const erasedUpTo = expected.erased.get(threadId) ?? 0;
  const state = document.state as unknown as Thread;
  if (!document.gone && state.applied.join() !== heard.slice(erasedUpTo).join()) {
    violated(`${threadId} holds ${state.applied.join()}, its topic says ${heard.slice(erasedUpTo).join()}`);
  }
  const entries = transcript.sequences(threadId);
  heard.forEach((id, index) => {
    const found = entries.get(index + 1);
    if (index < erasedUpTo) {
      if (found !== undefined) violated(`the transcript of ${threadId} still has ${found}, which is erased`);
    } else if (found !== id) violated(`the transcript of ${threadId} has ${found ?? 'nothing'} for ${id}`);
  });
  if (!document.gone && rows.last(threadId) !== state.last) violated(`the row of ${threadId} is not the newest`);
}

function checkWallet({ mongo, observer, expected, violated }: World): void {
  const heard = observer.heard('wallets', 'w0');
  for (const [partition, fed] of expected.wallet) {
    const got = heard.filter((id) => fed.includes(id));
    if (got.join() !== fed.join()) violated(`the wallet got ${got.join()} of ${partition}, not ${fed.join()}`);
  }
  const wallet = mongo.documents('wallets').get('w0')?.state as unknown as Wallet | undefined;
  if ((wallet?.entries ?? []).join() !== heard.join()) violated('the wallet holds other entries than its topic says');
}

function checkAccount({ mongo, kafka, expected, violated }: World, accountId: string): void {
  const account = mongo.documents('accounts').get(accountId)?.state as unknown as Account | undefined;
  for (const [id, one] of expected.settings) {
    if (one.accountId !== accountId) continue;
    const times = count(account?.commands ?? [], id);
    if (times > 1 || (one.isAcknowledged && times === 0)) violated(`the setting ${id} was made ${times} times`);
  }
  const newest = kafka.compacted('numbers').get(accountId)?.headers['what'];
  if ((newest ?? '') !== (account?.settings ?? '')) {
    violated(`${accountId} is ${account?.settings ?? ''}, compaction keeps ${newest ?? 'nothing'}`);
  }
}

const count = (list: readonly string[], id: string): number => list.filter((one) => one === id).length;
