/** Whether a message may go: one pure function, asked by `Check`, at accept and again at dispatch (TX-1). */
import { type Content } from './content.js';
import { refusedAsAuthentication } from './gate/authentication.js';
import { refusedByContent } from './gate/content.js';
import { refusedByCustomer } from './gate/customer.js';
import { refusedByExpiry } from './gate/expiry.js';
import { type FoundFiles, refusedByFiles } from './gate/files.js';
import { refusedAsMarketing, type UsMarketing } from './gate/marketing.js';
import { type NumberView, refusedByNumber } from './gate/number.js';
import { type Refusal } from './gate/refusal.js';
import { refusedByTemplate } from './gate/template.js';
import { refusedByWindow, windowClosesAt } from './gate/window.js';
import { type Address } from './address.js';
import { type FoundTemplate, type TemplateCategory } from './template.js';

export { isMendable, type NumberView, withoutToken } from './gate/number.js';
export { type Refusal } from './gate/refusal.js';
export { later, windowClosed } from './gate/window.js';

/** What is known at that moment. */
export interface Snapshot {
  /** Absent when nobody has told us of the number. */
  readonly number: NumberView | undefined;
  /** The later of what the request carries and what egress has seen, by Meta's clock. */
  readonly lastInboundAt: Date | undefined;
  /** The template the message names; unchecked where it names none. */
  readonly template: FoundTemplate;
  /** Of the files of ours that the message names. */
  readonly files: FoundFiles;
  readonly customer: CustomerView;
  readonly usMarketing: UsMarketing;
  readonly now: Date;
}

/** What a customer wants to get, and whether they are wanted. */
export interface CustomerView {
  readonly isBlocked: boolean;
  /** No marketing of the number's business portfolio any more. */
  readonly hasStoppedMarketing: boolean;
}

/** The message. */
export interface Question {
  /** Whose message it is; undefined = whosever the number is. */
  readonly organisation: string | undefined;
  /** What it would say. */
  readonly content: Content;
  /** Where to, as far as it is known. */
  readonly recipient: Address;
  /** When it is not worth sending any more. */
  readonly expiresAt: Date | undefined;
  /** Category of its template when it was accepted; undefined before that. */
  readonly acceptedAs: TemplateCategory | undefined;
}

export interface Verdict {
  readonly refusal: Refusal | undefined;
  readonly windowClosesAt: Date | undefined;
}

/** The first rule that refuses, with the remedy. */
export function gate(snapshot: Snapshot, question: Question): Verdict {
  const { number, lastInboundAt, files, customer, now } = snapshot;
  const { organisation, content, expiresAt } = question;
  const closesAt = windowClosesAt(lastInboundAt);
  return {
    windowClosesAt: closesAt,
    refusal:
      refusedByExpiry(expiresAt, now) ??
      refusedByNumber(number, organisation) ??
      refusedByContent(content) ??
      refusedByFiles(content, files) ??
      refusedByCustomer(customer.isBlocked) ??
      // Only an approved template may go without the customer's word (TX-6).
      (content.kind === 'template' ? refusedAsTemplate(snapshot, question) : refusedByWindow(closesAt, now)),
  };
}

function refusedAsTemplate(
  { template, customer, usMarketing, now }: Snapshot,
  { content, recipient, acceptedAs }: Question,
): Refusal | undefined {
  if (content.kind !== 'template') return undefined;
  const refusal = refusedByTemplate(content, template, acceptedAs);
  if (refusal || template.kind !== 'found') return refusal;
  switch (template.template.category) {
    case 'authentication':
      return refusedAsAuthentication(recipient);
    case 'marketing':
      return refusedAsMarketing(recipient, { hasStopped: customer.hasStoppedMarketing, usMarketing, now });
    case 'utility':
      return undefined;
  }
}
