import type { AccountChange, ChangeDetail, NumberChange, Read, TemplateChange } from './events.js';
import { bytes, isRecord, type Json, list, record, text, time } from './json.js';
import type { Place } from './place.js';

/** A change of a template, a number or an account, or of something that this version does not know. */
export function change(place: Place, value: Json, entryTime: unknown): Read {
  const info = record(value['waba_info']);
  const wabaId = text(info['waba_id']);
  const { entryId } = place.source;
  const metadata = record(value['metadata']);
  const settings = record(value['phone_number_settings']);
  return {
    topic: 'changes',
    event: {
      eventId: place.idOf(text(entryTime), value),
      source: place.source,
      wabaId: wabaId || entryId,
      // PARTNER_* events come with the portfolio as their entry.
      portfolioId: wabaId !== '' && wabaId !== entryId ? entryId : '',
      phoneNumberId:
        text(metadata['phone_number_id']) || text(settings['phone_number_id']) || text(value['phone_number_id']),
      displayPhoneNumber: text(value['display_phone_number']) || text(metadata['display_phone_number']),
      event: text(value['event']) || text(value['decision']) || text(value['status']) || text(value['type']),
      occurredAt: time(value['timestamp']) ?? time(entryTime),
      detail: detailOf(place.source.field, value),
      raw: bytes(value),
    },
  };
}

function detailOf(field: string, value: Json): ChangeDetail | undefined {
  if ('message_template_id' in value || 'message_template_name' in value) {
    return { $case: 'template', value: templateChange(value) };
  }
  if (field.startsWith('account_') || field === 'business_capability_update' || 'waba_info' in value) {
    return { $case: 'account', value: accountChange(value) };
  }
  if (field.startsWith('phone_number_') || field === 'security' || field.startsWith('business_username_update')) {
    return { $case: 'number', value: numberChange(value) };
  }
  return undefined;
}

function templateChange(value: Json): TemplateChange {
  const rejection = record(value['rejection_info']);
  const previous = text(value['previous_category']);
  return {
    templateId: text(value['message_template_id']),
    name: text(value['message_template_name']),
    language: text(value['message_template_language']).replace('-', '_'),
    category: text(value['new_category']) || text(value['message_template_category']),
    previousCategory: previous,
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
