import type { Engine } from '../engine.js';
import { Refused } from '../errors.js';
import { isJson, textOf } from '../json.js';
import { categoryOf } from '../pricing.js';
import type { Template } from '../templates/store.js';
import { checkUse } from '../templates/use.js';
import type { BusinessNumber, Customer, PlannedFailure } from '../world.js';
import type { MessageRequest } from './request.js';

export type Send = Extract<MessageRequest, { kind: 'message' }>;

/** What Meta knows of the content of a message before it decides about it. */
export interface Judged {
  /** As in pricing: `service`, or the category of the template at this moment. */
  readonly category: string;
  readonly template: Template | undefined;
}

/** Looks the template up and checks its use, where that is wanted. @throws Refused */
export function judge(engine: Engine, number: BusinessNumber, request: Send): Judged {
  if (engine.limits.of(number.phone_number_id).media_ids === 'strict') checkMediaId(engine, number, request);
  const content = request.body['template'];
  if (request.type !== 'template' || !isJson(content)) return { category: 'service', template: undefined };
  const name = textOf(content['name']);
  const language = isJson(content['language']) ? textOf(content['language']['code']) : '';
  const template = engine.templates.inLanguage(number.waba_id, name, language);
  if (engine.limits.of(number.waba_id).templates === 'strict') checkUse(template, content);
  const category = template?.category.toLowerCase() ?? categoryOf('template', name);
  if (template?.category === 'AUTHENTICATION' && request.addressedBy === 'recipient') throw new Refused(131062);
  return { category, template };
}

/** An id of another number, or one that has expired, cannot be sent. @throws Refused 131053 */
function checkMediaId(engine: Engine, number: BusinessNumber, request: Send): void {
  for (const id of mediaIdsIn(request.body)) {
    const media = engine.media.find(id, engine.clock.now());
    if (media?.phone_number_id !== number.phone_number_id) {
      throw new Refused(131053, { details: `Media with id ${id} was not uploaded for this number, or has expired.` });
    }
  }
}

const mediaTypes = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** Also those in the header of a template or above buttons. */
const mediaIdsIn = (value: unknown): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
        mediaTypes.has(key) && isJson(inner) && typeof inner['id'] === 'string' ? [inner['id']] : mediaIdsIn(inner),
      );

/** Why this message will not arrive, told in the answer or later in a status: an order, a person, a rule of Meta. */
export function failureFor(
  engine: Engine,
  number: BusinessNumber,
  customer: Customer,
  judged: Judged,
): PlannedFailure | undefined {
  const phoneNumberId = number.phone_number_id;
  const ordered = takeOrdered(engine, phoneNumberId, customer);
  if (ordered) return ordered;
  if (customer.fails) return customer.fails;
  const limits = engine.limits.of(phoneNumberId);
  const nowMs = engine.clock.now();
  const isOpen = engine.world.windowIsOpen(phoneNumberId, customer, nowMs);
  if (judged.category === 'service' && limits.window !== 'off' && !isOpen) return { code: 131047, by: limits.window };
  if (judged.category === 'marketing') {
    const failure = marketingFailure(engine, phoneNumberId, customer, isOpen);
    if (failure) return failure;
  }
  if (isOpen) return undefined;
  const { messaging_limit: limit, messaging_limit_by: by } = engine.limits.of(engine.portfolioId);
  return engine.reach.take(customer.user_id, limit, nowMs) ? undefined : { code: 131048, by };
}

function takeOrdered(engine: Engine, phoneNumberId: string, customer: Customer) {
  const ordered = engine.ordered.find(
    ({ phone_number_id: number, to }) =>
      (number === undefined || number === phoneNumberId) &&
      (to === undefined || to === customer.wa_id || to === customer.user_id),
  );
  if (!ordered) return undefined;
  ordered.times -= 1;
  if (ordered.times <= 0) engine.ordered.splice(engine.ordered.indexOf(ordered), 1);
  return ordered;
}

/** Opted out, the pause of the United States, or more than a person gets; what is in an open window does not count. */
function marketingFailure(
  engine: Engine,
  phoneNumberId: string,
  customer: Customer,
  isOpen: boolean,
): PlannedFailure | undefined {
  const limits = engine.limits.of(phoneNumberId);
  if (customer.stopped_marketing) return { code: 131050, by: 'webhook' };
  if (limits.us_marketing_pause && customer.user_id.startsWith('US.')) return { code: 131049, by: 'webhook' };
  if (isOpen || limits.marketing_per_day === null) return undefined;
  const hasRoom = engine.marketing.take(customer.user_id, limits.marketing_per_day, engine.clock.now());
  return hasRoom ? undefined : { code: 131049, by: 'webhook' };
}
