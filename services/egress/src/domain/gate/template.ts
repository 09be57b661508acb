import { type TemplateContent } from '../content/template.js';
import { parameterProblems } from '../template-parameters.js';
import { type FoundTemplate, type TemplateCategory, type TemplateView } from '../template.js';
import { type Refusal } from './refusal.js';

/** `acceptedAs` is the category it had when the message was accepted; undefined before that. */
export function refusedByTemplate(
  content: TemplateContent,
  found: FoundTemplate,
  acceptedAs: TemplateCategory | undefined,
): Refusal | undefined {
  switch (found.kind) {
    case 'unchecked':
      return undefined;
    case 'unknown':
      return found.languages.length === 0 ? unknown(content) : unknownLanguage(content, found.languages);
    case 'found':
      return (
        refusedByStatus(found.template) ??
        refusedByCategory(found.template, acceptedAs) ??
        refusedByParameters(content, found.template)
      );
  }
}

const name = 'content.template.name';

const unknown = (content: TemplateContent): Refusal => ({
  code: 'egress.template-unknown',
  reason: `the account of the number has no template ${content.name}`,
  remedy: 'correct the name, or make the template in this account and have it approved',
  field: name,
});

const unknownLanguage = (content: TemplateContent, languages: readonly string[]): Refusal => ({
  code: 'egress.template-language-unknown',
  reason: `the template ${content.name} does not exist in ${content.language}`,
  remedy: `send it in one of ${languages.join(', ')}, or have this language approved`,
  field: 'content.template.language',
});

/** A version that was approved goes on while a newer one is under review or was rejected. */
function refusedByStatus({ status, statusReason, version, pausedUntil }: TemplateView): Refusal | undefined {
  const because = statusReason === '' ? '' : ` (${statusReason})`;
  switch (status) {
    case 'approved':
    case 'draft':
    case 'pending':
    case 'in-appeal':
    case 'rejected':
      return version > 0
        ? undefined
        : {
            code: 'egress.template-not-approved',
            reason: `the template is ${status}${because}`,
            remedy: 'wait for Meta to approve it, or send another one',
            field: name,
          };
    case 'paused':
      return {
        code: 'egress.template-paused',
        reason: `Meta has paused the template${because}`,
        remedy: 'wait until the pause is over, or send another one; improve the template meanwhile',
        field: name,
        ...(pausedUntil && { opensAt: pausedUntil }),
      };
    case 'disabled':
    case 'pending-deletion':
    case 'deleted':
    case 'limit-exceeded':
    case 'archived':
    case 'locked':
      return {
        code: 'egress.template-not-approved',
        reason: `the template is ${status.replace('-', ' ')}${because}`,
        remedy: 'send another one; look at this one in WhatsApp Manager',
        field: name,
      };
  }
}

/**
 * What was accepted at one price is not sent at another without asking (TP-4). Sending it anew says yes. From marketing it
 * can only become cheaper: in all of Meta's price lists nothing costs more.
 */
function refusedByCategory({ category }: TemplateView, acceptedAs: TemplateCategory | undefined): Refusal | undefined {
  if (acceptedAs === undefined || acceptedAs === category || acceptedAs === 'marketing') return undefined;
  return {
    code: 'egress.template-category-changed',
    reason: `Meta has changed the category of the template from ${acceptedAs} to ${category} since the message was accepted`,
    remedy: 'look at the price of the new category, then send it anew if it is worth it',
    field: name,
  };
}

function refusedByParameters(content: TemplateContent, { needs, version }: TemplateView): Refusal | undefined {
  const problems = parameterProblems(content, needs);
  const [first] = problems;
  if (!first) return undefined;
  return {
    code: 'egress.template-parameters',
    reason: problems.map(({ field, description }) => `${field}: ${description}`).join('; '),
    remedy: `fill exactly what version ${version} of the template leaves open`,
    field: first.field,
  };
}
