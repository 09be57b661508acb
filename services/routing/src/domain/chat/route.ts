import { wantOf } from '../desk/want.js';
import { isOpen } from '../flow/hours.js';
import { nominalMs } from '../flow/duration.js';
import { chooseRule } from '../flow/rules.js';
import { askDesk, changeChat, type Folding, say } from '../folding.js';
import { isOpenChat } from '../thread.js';
import { tell } from './texts.js';

/** Rules choose who is asked, and the desk is asked for them (CH-2). Nobody is, of a number that is nobody's. */
export function route(folding: Folding, text: string): void {
  const { thread, around } = folding;
  const { chat, owner, number, tags, party } = thread;
  if (owner === null || chat?.state !== 'waiting' || chat.rule !== null) return;
  const { flow, now } = around;
  const departmentId = chat.department || owner.departmentId;
  const choice = chooseRule(flow, {
    departmentId,
    number,
    tags,
    language: '',
    party,
    advertisementId: chat.ad,
    isReturning: thread.chats > 1,
    text,
    at: now,
  });
  // Whoever handed it over said which department; a rule says how, and who of it.
  const department = chat.department || choice.departmentId;
  const { rule, manner, offerTimeout } = choice;
  const target = { ...choice.target, departmentId: department === owner.departmentId ? '' : department };
  const isWanted = target.kind !== 'nobody';
  changeChat(folding, { rule: rule?.ruleId ?? '', department: target.departmentId, atDesk: isWanted });
  const { ruleId = '', name: ruleName = '' } = rule ?? {};
  say(folding, now, { type: 'chat-routed', ruleId, ruleName, target, manner, settings: flow.version });
  if (!isWanted) return;
  const want = wantOf({
    brandId: owner.brandId,
    departmentId: department,
    target: { kind: target.kind, operatorIds: target.operatorIds },
    manner,
    offerTimeoutMs: nominalMs(offerTimeout),
    lastOperatorId: thread.lastOperator,
    exceptIds: [],
    concurrentLimit: flow.concurrentLimit,
    since: chat.waitingSince ?? now,
  });
  askDesk(folding, chat.id, { type: 'person-wanted', want, target });
}

/** Said to who waits while nobody is there, once per chat (CH-14). */
export function tellClosed(folding: Folding): void {
  const { chat } = folding.thread;
  const { flow, now } = folding.around;
  if (!isOpenChat(chat) || chat.saidClosed || flow.hours === null || isOpen(flow.hours, now)) return;
  changeChat(folding, { saidClosed: true });
  tell(folding, flow.hours.outOfHoursText);
}
