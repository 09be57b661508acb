import { aText, demand, type Problem } from './problem.js';

export interface ReactionContent {
  readonly kind: 'reaction';
  /** The message reacted to (wamid), at most 30 days old. */
  readonly messageId: string;
  /** Empty takes the reaction back. */
  readonly emoji: string;
}

/** Whole emoji, and those that are sent without the mark that says they are meant as a picture. */
const oneEmoji = new RegExp('^(?:\\p{RGI_Emoji}|\\p{Extended_Pictographic})$', 'v');

/** Source: Meta, *Reaction messages*. */
export const reactionProblems = ({ messageId, emoji }: ReactionContent): Problem[] => [
  ...aText('content.reaction.message_id', messageId, 512),
  ...demand(
    emoji === '' || oneEmoji.test(emoji),
    'content.reaction.emoji',
    'must be one emoji',
    'send a single one, or none to take the reaction back',
  ),
];
