import { Refused } from '../errors.js';
import { isJson, type Json, textOf } from '../json.js';
import { checkButtonUse } from './button-use.js';
import type { Template } from './store.js';
import { countMismatch, type Given, parametersOf, readGiven, valuesOf } from './parameters.js';
import { fill, variablesIn } from './variables.js';

const lengths: Readonly<Record<string, number>> = { header: 60, body: 1024 };

/**
 * Checks that a template can be used as a message wants to use it.
 * @throws Refused 132001 (none, or not approved), 132015 (paused), 132016 (disabled), 132000 (number of parameters),
 * 132012 (kind), 132018 (not usable), 131008 (missing) or 132005 (too long when filled)
 */
export function checkUse(template: Template | undefined, content: Json): void {
  mustBeUsable(template, content);
  checkFilled(template.components, readGiven(content['components']), template.parameter_format === 'NAMED');
}

function mustBeUsable(template: Template | undefined, content: Json): asserts template is Template {
  if (template?.status === 'PAUSED') throw new Refused(132015);
  if (template?.status === 'DISABLED') throw new Refused(132016);
  if (template?.status === 'APPROVED') return;
  const language = isJson(content['language']) ? textOf(content['language']['code']) : '';
  throw new Refused(132001, { details: `template name (${textOf(content['name'])}) does not exist in ${language}` });
}

/** The parts of a template, or of one card of its carousel, against what a message gives for them. */
function checkFilled(parts: readonly Json[], given: readonly Given[], isNamed: boolean): void {
  const part = (type: string) => parts.find((each) => each['type'] === type);
  const of = (type: string) => given.find((each) => each.type === type);
  checkHeader(part('HEADER'), of('header'), isNamed);
  checkText('body', textOf(part('BODY')?.['text']), of('body'), isNamed);
  const buttons = part('BUTTONS')?.['buttons'];
  checkButtonUse(
    Array.isArray(buttons) ? buttons.filter(isJson) : [],
    given.filter((each) => each.type === 'button'),
  );
  checkOffer(part('LIMITED_TIME_OFFER'), of('limited_time_offer'));
  checkCards(part('CAROUSEL'), of('carousel'), isNamed);
}

function checkHeader(header: Json | undefined, given: Given | undefined, isNamed: boolean): void {
  const format = textOf(header?.['format']);
  if (header === undefined || format === 'TEXT') {
    checkText('header', textOf(header?.['text']), given, isNamed);
    return;
  }
  const [parameter, ...more] = parametersOf(given);
  const received = textOf(parameter?.['type']).toUpperCase() || 'UNKNOWN';
  const expected = format === 'GIF' ? ['GIF', 'VIDEO'] : [format];
  if (!expected.includes(received)) {
    throw new Refused(132012, { details: `header: Format mismatch, expected ${format}, received ${received}` });
  }
  if (more.length > 0) throw countMismatch('header', more.length + 1, 1);
  const media = parameter?.[received.toLowerCase()];
  if (!isJson(media))
    throw new Refused(131008, { details: `header: Parameter of type ${received} is missing its value` });
  const wanted = format === 'LOCATION' ? ['latitude', 'longitude'] : [];
  const isGiven = format === 'LOCATION' ? wanted.every((key) => key in media) : 'id' in media || 'link' in media;
  if (!isGiven) throw new Refused(131008, { details: `header: Parameter of type ${received} is missing its value` });
}

function checkText(where: 'header' | 'body', text: string, given: Given | undefined, isNamed: boolean): void {
  const names = variablesIn(text);
  const values = valuesOf(where, names, parametersOf(given), isNamed);
  const most = lengths[where] ?? 0;
  const length = fill(text, values).length;
  if (length > most)
    throw new Refused(132005, { details: `${where}: text is too long, ${length} characters of ${most}` });
}

function checkOffer(offer: Json | undefined, given: Given | undefined): void {
  const about = offer?.['limited_time_offer'];
  if (!isJson(about) || about['has_expiration'] !== true) return;
  const [parameter] = parametersOf(given);
  const value = parameter?.['limited_time_offer'];
  if (!isJson(value) || typeof value['expiration_time_ms'] !== 'number') {
    throw new Refused(131008, { details: 'limited_time_offer: expiration_time_ms is missing' });
  }
}

function checkCards(carousel: Json | undefined, given: Given | undefined, isNamed: boolean): void {
  const cards = Array.isArray(carousel?.['cards']) ? carousel['cards'].filter(isJson) : [];
  const filled = given?.cards ?? [];
  if (cards.length !== filled.length) {
    throw new Refused(132000, {
      details: `carousel: number of cards (${filled.length}) does not match the template (${cards.length})`,
    });
  }
  cards.forEach((card, index) => {
    const its = filled.find((each) => each['card_index'] === index);
    if (!its) throw new Refused(131008, { details: `carousel: the card with card_index ${index} is missing` });
    const parts = Array.isArray(card['components']) ? card['components'].filter(isJson) : [];
    checkFilled(parts, readGiven(its['components']), isNamed);
  });
}
