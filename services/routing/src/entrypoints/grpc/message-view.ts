import {
  type ChatMessage,
  DeliveryState,
  type EarlierContent,
  type MessageReaction,
} from '@switchboard/contracts/routing/v1/chat_service';
import { Author, ThreadEvent } from '@switchboard/contracts/routing/v1/events';
import type { MessagesPage } from '../../use-cases/chats/read-chats.js';
import type { MessageStateView } from '../../use-cases/ports.js';

type Base = Pick<ChatMessage, 'sequence' | 'chatId'> & Partial<ChatMessage>;

/** Messages as they are shown: by (Meta time, sequence), with what was noted on them, whenever that came (RX-8, CH-12). */
export async function viewOf(page: MessagesPage): Promise<ChatMessage[]> {
  const events = page.entries.map(({ event }) => ThreadEvent.decode(event));
  const states = new Map((await page.states(events.flatMap(ourIdOf))).map((state) => [state.messageId, state]));
  const messages = events.map((event) => messageOf(event, states)).filter((message) => message !== undefined);
  const byWamid = new Map(
    messages
      .filter(({ whatsappMessageId }) => whatsappMessageId !== '')
      .map((message) => [message.whatsappMessageId, message]),
  );
  for (const { event, at } of await page.notes([...byWamid.keys()])) note(byWamid, ThreadEvent.decode(event), at);
  return messages.sort(
    (a, b) => (a.sentAt?.getTime() ?? 0) - (b.sentAt?.getTime() ?? 0) || Number(a.sequence - b.sequence),
  );
}

function messageOf(threadEvent: ThreadEvent, states: ReadonlyMap<string, MessageStateView>): ChatMessage | undefined {
  const { sequence, chatId, occurredAt, event } = threadEvent;
  switch (event?.$case) {
    case 'messageAppended': {
      const { whatsappMessageId, messageId, author, content, context, sentAt, receivedAt, imported } = event.value;
      const said = { whatsappMessageId, messageId, author, content, context, sentAt, receivedAt, imported };
      return complete({ sequence, chatId, ...said, ...(messageId !== '' && deliveryOf(states.get(messageId))) });
    }
    case 'replyQueued': {
      const { messageId, author, authorId, content, replyToWhatsappMessageId: quoted } = event.value;
      const state = states.get(messageId);
      const context =
        quoted === ''
          ? undefined
          : { messageId: quoted, forwarded: false, frequentlyForwarded: false, from: undefined };
      return complete({
        sequence,
        chatId,
        messageId,
        author,
        authorId,
        content,
        context,
        sentAt: occurredAt,
        ...deliveryOf(state),
      });
    }
    case 'noteAdded': {
      const { text, authorId } = event.value;
      const content = { kind: { $case: 'text' as const, value: { body: text } } };
      const author = Author.AUTHOR_OPERATOR;
      return complete({ sequence, chatId, noticeKind: 'note', content, author, authorId, sentAt: occurredAt });
    }
    case 'noticeAppended': {
      const { kind, content, whatsappMessageId } = event.value;
      return complete({ sequence, chatId, noticeKind: kind, content, whatsappMessageId, sentAt: occurredAt });
    }
    default:
      return undefined;
  }
}

/** Our id of what goes to Meta by way of egress. */
const ourIdOf = ({ event }: ThreadEvent): string[] =>
  (event?.$case === 'replyQueued' || event?.$case === 'messageAppended') && event.value.messageId !== ''
    ? [event.value.messageId]
    : [];

/** Egress and routing number the states alike. */
const deliveryOf = (state: MessageStateView | undefined): Partial<ChatMessage> =>
  state
    ? {
        whatsappMessageId: state.wamid,
        deliveryState: state.state as DeliveryState,
        deliveryTimes: state.times.map((time) => ({ state: time.state as DeliveryState, at: time.at })),
        troubleCode: state.code,
        troubleReason: state.reason,
      }
    : { deliveryState: DeliveryState.DELIVERY_STATE_ACCEPTED };

function note(messages: ReadonlyMap<string, ChatMessage>, { event }: ThreadEvent, at: Date): void {
  switch (event?.$case) {
    case 'messageEdited': {
      const message = messages.get(event.value.whatsappMessageId);
      if (!message || !event.value.content) return;
      const earlier: EarlierContent = { content: message.content, until: event.value.editedAt ?? at };
      message.earlier.push(earlier);
      message.content = event.value.content;
      return;
    }
    case 'messageRevoked': {
      const message = messages.get(event.value.whatsappMessageId);
      if (message) message.revoked = true;
      return;
    }
    case 'reactionChanged': {
      const { whatsappMessageId, emoji, author, reactedAt } = event.value;
      const message = messages.get(whatsappMessageId);
      if (!message) return;
      const others = message.reactions.filter((reaction) => reaction.author !== author);
      const reaction: MessageReaction = { emoji, author, reactedAt: reactedAt ?? at };
      message.reactions = emoji === '' ? others : [...others, reaction];
      return;
    }
    default:
  }
}

const complete = (base: Base): ChatMessage => ({
  messageId: '',
  whatsappMessageId: '',
  author: Author.AUTHOR_UNSPECIFIED,
  authorId: '',
  content: undefined,
  context: undefined,
  sentAt: undefined,
  receivedAt: undefined,
  earlier: [],
  revoked: false,
  reactions: [],
  deliveryState: DeliveryState.DELIVERY_STATE_UNSPECIFIED,
  deliveryTimes: [],
  troubleCode: '',
  troubleReason: '',
  imported: false,
  noticeKind: '',
  ...base,
});
