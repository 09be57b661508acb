import { aText, type Problem } from './problem.js';

export interface TextContent {
  readonly kind: 'text';
  readonly text: string;
  /** Show a preview of the first link. */
  readonly previewUrl: boolean;
}

export const MAX_TEXT_LENGTH = 4_096;

/** Source: Meta, *Text messages*. */
export const textProblems = ({ text }: TextContent): Problem[] => aText('content.text.body', text, MAX_TEXT_LENGTH);
