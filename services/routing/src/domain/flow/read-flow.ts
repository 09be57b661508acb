import type { FieldViolation } from '@switchboard/errors';
import { compareDurations, parseDuration } from './duration.js';
import { createFields, type Fields, type Range } from './fields.js';
import { readHours } from './read-hours.js';
import { readRules } from './read-rules.js';
import { defaults, type Flow, type ProfanitySettings, type Rule } from './settings.js';
import type { FlowSettings, WrittenProfanity, WrittenRule } from './written.js';

/** Times that brands set, and what is allowed. Idle times are of the clock: the window is 24 hours whatever the day. */
export const ranges = {
  waitingTime: { least: 'PT1S', most: 'P7D', empty: 'for never' },
  missedClose: { least: 'PT15M', most: 'P1M' },
  idleClose: { least: 'PT1M', most: 'PT24H', clock: true },
  idleWarning: { least: 'PT1M', most: 'PT24H', clock: true, empty: 'for no warning' },
  transferTimeout: { least: 'PT5S', most: 'P1D' },
  awayAfter: { least: 'PT30S', most: 'PT24H', clock: true },
} as const satisfies Record<string, Range>;

export const shippedLanguages = ['en', 'ja'];
const blockTimes = ['P1D', 'P3D', 'P7D', 'forever'];
const MOST_WORDS = 5_000;
const LONGEST_WORD = 100;
const MOST_CHATS = 100;
const MOST_HITS = 100;

/**
 * The flow that settings describe, with every rule they break, all together. What was allowed when it was kept and is
 * no longer is still read as it stands, and what cannot be read has its default, so that a kept version always flows.
 */
export function readFlow(
  { brandId, version }: Pick<Flow, 'brandId' | 'version'>,
  settings: FlowSettings,
  field = 'flow',
): { readonly flow: Flow; readonly violations: readonly FieldViolation[] } {
  const fields = createFields();
  const at = (name: string): string => `${field}.${name}`;
  const idle = (name: string, text: string, otherwise = defaults.idleClose) =>
    fields.duration(at(name), text, ranges.idleClose, otherwise);
  const customerOwes = idle('idle_close_customer_owes', settings.idleCloseCustomerOwes);
  const operatorOwes = idle('idle_close_operator_owes', settings.idleCloseOperatorOwes, customerOwes);
  const hours = settings.businessHours && readHours(settings.businessHours, at('business_hours'), fields);
  const { concurrentLimit: limit } = settings;
  const flow: Flow = {
    brandId,
    version,
    timeZone: hours?.timeZone ?? 'UTC',
    waiting: fields.duration(at('waiting_time'), settings.waitingTime, ranges.waitingTime, null),
    missedClose: fields.duration(at('missed_close'), settings.missedClose, ranges.missedClose, defaults.missedClose),
    idleClose: { customerOwes, operatorOwes },
    warning: readWarning(settings, { customerOwes, operatorOwes }, field, fields),
    closingText: fields.message(at('closing_text'), settings.closingText),
    hours,
    rules: readRules(settings.routingRules, at('routing_rules'), fields),
    concurrentLimit:
      limit === 0 ? defaults.concurrentLimit : fields.whole(at('concurrent_limit'), limit, 1, MOST_CHATS),
    rating: settings.rating && {
      questionText: fields.message(at('rating.question_text'), settings.rating.questionText, 1),
      thanksText: fields.message(at('rating.thanks_text'), settings.rating.thanksText),
    },
    profanity: settings.profanity && readProfanity(settings.profanity, at('profanity'), fields),
    blockNeedsApproval: settings.blockNeedsApproval,
    transferTimeout: fields.duration(
      at('transfer_timeout'),
      settings.transferTimeout,
      ranges.transferTimeout,
      defaults.transferTimeout,
    ),
    awayAfter: fields.duration(at('away_after'), settings.awayAfter, ranges.awayAfter, defaults.awayAfter),
  };
  return { flow, violations: fields.violations };
}

/** Rules alone, as they are tried. */
export function readRulesOf(
  written: readonly WrittenRule[],
  field: string,
): { readonly rules: readonly Rule[]; readonly violations: readonly FieldViolation[] } {
  const fields = createFields();
  const rules = readRules(written, field, fields);
  return { rules, violations: fields.violations };
}

function readWarning(settings: FlowSettings, idle: Flow['idleClose'], field: string, fields: Fields): Flow['warning'] {
  const [place, text] = [`${field}.idle_warning_before`, settings.idleWarningText];
  const before = fields.duration(place, settings.idleWarningBefore, ranges.idleWarning, null);
  fields.message(`${field}.idle_warning_text`, text, before ? 1 : 0);
  if (!before) return null;
  const isShorter = Object.values(idle).every((time) => compareDurations(before, time) < 0);
  if (!isShorter) fields.refuse(place, 'must be shorter than both idle times; shorten it or lengthen them');
  return isShorter ? { before, text } : null;
}

function readProfanity(written: WrittenProfanity, place: string, fields: Fields): ProfanitySettings {
  const { languages, words, allowedWords, limit, warningText, completeAtLimit, blockFor } = written;
  languages.forEach((language, index) => {
    if (!shippedLanguages.includes(language)) {
      const shown = shippedLanguages.join(', ');
      fields.refuse(
        `${place}.languages[${index}]`,
        `must be a list that is shipped: ${shown}; give other words yourself`,
      );
    } else if (languages.indexOf(language) < index) {
      fields.refuse(`${place}.languages[${index}]`, `must be there once, and ${language} is; take one out`);
    }
  });
  if (blockFor !== '' && !blockTimes.includes(blockFor)) {
    fields.refuse(`${place}.block_for`, `must be one of ${blockTimes.join(', ')}, or empty; choose one`);
  }
  const listOf = (name: string, list: readonly string[]): readonly string[] =>
    fields
      .list(`${place}.${name}`, list, MOST_WORDS, 'take some out')
      .map((word, index) => fields.text(`${place}.${name}[${index}]`, word, 1, LONGEST_WORD));
  return {
    languages,
    words: listOf('words', words),
    allowedWords: listOf('allowed_words', allowedWords),
    limit: fields.whole(`${place}.limit`, limit, 1, MOST_HITS),
    warningText: fields.message(`${place}.warning_text`, warningText),
    completeAtLimit,
    blockFor: blockFor === 'forever' ? blockFor : (parseDuration(blockFor) ?? null),
  };
}
