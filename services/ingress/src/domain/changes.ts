import type { AccountChange, ChangeDetail, NumberChange, Read, TemplateChange } from './events.js';
import { bytes, isRecord, type Json, list, record, text, time } from './json.js';
import type { Place } from './place.js';

const fields =
  /^(account_|business_|message_template_|phone_number_|template_|payment_configuration_|partner_solutions$|security$|flows$)/;
const numberFields = /^(phone_number_|business_username_update|security$)/;
const accountFields = /^(account_|business_capability_update$|business_status_update$)/;

/** True for what is said of templates, numbers and accounts, even where it names a number. */
export const isChange = (field: string, value: Json): boolean => fields.test(field) || isOfTemplate(value);

const isOfTemplate = (value: Json): boolean => 'message_template_id' in value || 'message_template_name' in value;

/** A change of a template, a number or an account, or of something that this version does not know. */
export function change(place: Place, value: Json): Read {
  const { source, entryTime } = place;
  const wabaId = text(record(value['waba_info'])['waba_id']);
  // PARTNER_* events and solutions come with the portfolio as their entry.
  const isOfPortfolio = (wabaId !== '' && wabaId !== source.entryId) || source.field === 'partner_solutions';
  const metadata = record(value['metadata']);
  return {
    topic: 'changes',
    event: {
      eventId: place.idOf(text(entryTime), value),
      source,
      wabaId: wabaId || source.entryId,
      portfolioId: isOfPortfolio ? source.entryId : '',
      phoneNumberId:
        text(metadata['phone_number_id']) ||
        text(record(value['phone_number_settings'])['phone_number_id']) ||
        text(value['phone_number_id']) ||
        (value['entity_type'] === 'PHONE_NUMBER' ? text(value['entity_id']) : ''),
      displayPhoneNumber: text(value['display_phone_number']) || text(metadata['display_phone_number']),
      event:
        text(value['event']) ||
        text(value['decision']) ||
        text(value['status']) ||
        text(value['solution_status']) ||
        text(value['type']),
      occurredAt: time(value['timestamp']) ?? time(entryTime),
      detail: detailOf(source.field, value),
      raw: bytes(value),
    },
  };
}

function detailOf(field: string, value: Json): ChangeDetail | undefined {
  if (isOfTemplate(value)) return { $case: 'template', value: templateChange(value) };
  if (numberFields.test(field)) return { $case: 'number', value: numberChange(value) };
  if (accountFields.test(field) || 'waba_info' in value) return { $case: 'account', value: accountChange(value) };
  return undefined;
}

function templateChange(value: Json): TemplateChange {
  const rejection = record(value['rejection_info']);
  return {
    templateId: text(value['message_template_id']),
    name: text(value['message_template_name']),
    language: text(value['message_template_language']).replaceAll('-', '_'),
    category: text(value['new_category']) || text(value['message_template_category']),
    previousCategory: text(value['previous_category']),
    correctCategory: text(value['correct_category']),
    reason: text(value['reason']) || text(rejection['reason']),
    quality: text(value['new_quality_score']),
    previousQuality: text(value['previous_quality_score']),
    title: text(record(value['other_info'])['title']),
  };
}

const limitOf = (value: Json): string =>
  text(value['max_daily_conversations_per_business']) ||
  text(value['current_limit']) ||
  text(value['max_daily_conversation_per_phone']);

const numberChange = (value: Json): NumberChange => ({
  requestedVerifiedName: text(value['requested_verified_name']),
  rejectionReason: text(value['rejection_reason']),
  messagingLimit: limitOf(value),
  requester: text(value['requester']),
  username: text(value['username']).replace(/^@/, ''),
});

function accountChange(value: Json): AccountChange {
  const disconnection = record(value['disconnection_info']);
  const alert = isRecord(value['alert_info']) ? value['alert_info'] : value;
  const tier = record(value['volume_tier_info']);
  return {
    ownerBusinessId: text(record(value['waba_info'])['owner_business_id']),
    restrictions: list(value['restriction_info'])
      .map((each) => text(record(each)['restriction_type']))
      .filter((each) => each !== ''),
    violation: text(record(value['violation_info'])['violation_type']),
    banState: list(record(value['ban_info'])['waba_ban_state']).map(text).join(','),
    disconnectionReason: text(disconnection['reason']),
    disconnectionInitiatedBy: text(disconnection['initiated_by']),
    alertType: text(alert['alert_type']),
    alertSeverity: text(alert['alert_severity']),
    volumeTier: text(tier['tier']),
    pricingCategory: text(tier['pricing_category']),
    region: text(tier['region']),
    effectiveMonth: text(tier['effective_month']),
    messagingLimit: limitOf(value),
  };
}
