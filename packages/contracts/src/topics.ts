/**
 * The topics: a public contract. Values are protobuf; headers are `id`, `type`, `time` (RFC 3339, when it happened),
 * `traceparent` and `org` (absent on `whatsapp.*`: ingress knows no organisation). The record's own timestamp is when
 * we said it, never the event's time, or retention would eat late events.
 */
import { AccountWake, BrandState, NumberState, OperatorState } from '../gen/switchboard/account/v1/events.js';
import { BillingWake, NumberState as NumberMoney, WalletEvent } from '../gen/switchboard/billing/v1/events.js';
import { MessageEvent, Wake } from '../gen/switchboard/egress/v1/events.js';
import { ChangeReceived, MessageReceived, Quarantined, StatusReceived } from '../gen/switchboard/ingress/v1/events.js';
import { DeskRequested, OfferMade, RoutingCommand } from '../gen/switchboard/routing/v1/desk_events.js';
import { CustomersJoined, ThreadEvent } from '../gen/switchboard/routing/v1/events.js';
import { TemplateState, TemplateWake } from '../gen/switchboard/template/v1/events.js';
import { TimerCommand, TimerFired } from '../gen/switchboard/timer/v1/events.js';

const hours = 3_600_000;
const days = 24 * hours;
/** One item of a webhook may be as large as a whole body, which is 3 MB. */
const webhookItemBytes = 4 * 1024 * 1024;

export interface Topic<T> {
  readonly name: string;
  /** Full name of the protobuf message, sent as header `type`. */
  readonly type: string;
  /** What the record key is. */
  readonly key: string;
  /** One letter or two, unique: names the topic in `src` of aggregates, together with the generation. */
  readonly code: string;
  /** Raised when the topic is created anew and its offsets start again (mechanism rule 12). */
  readonly generation: number;
  readonly cleanup: 'delete' | 'compact';
  /** How long records are kept; ignored for compacted topics. */
  readonly retentionMs: number;
  /** The largest record, where it may be more than Kafka's default of 1 MB. */
  readonly largestRecordBytes?: number;
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}

interface Codec<T> {
  readonly encode: (value: T) => { finish: () => Uint8Array };
  readonly decode: (bytes: Uint8Array) => T;
}

function topic<T>(
  codec: Codec<T>,
  about: Omit<Topic<T>, 'encode' | 'decode' | 'generation' | 'cleanup' | 'retentionMs'> &
    ({ retentionMs: number } | { cleanup: 'compact' }),
): Topic<T> {
  return {
    generation: 1,
    cleanup: 'delete',
    retentionMs: -1,
    ...about,
    encode: (value) => codec.encode(value).finish(),
    decode: (bytes) => codec.decode(bytes),
  };
}

/** The code that stands in `src`: topic and generation, for example `m1`. */
export const sourceCode = (of: Pick<Topic<unknown>, 'code' | 'generation'>): string => `${of.code}${of.generation}`;

export const whatsappMessages = topic(MessageReceived, {
  name: 'whatsapp.messages',
  type: 'switchboard.ingress.v1.MessageReceived',
  key: 'phone_number_id',
  code: 'm',
  largestRecordBytes: webhookItemBytes,
  retentionMs: 14 * days,
});

export const whatsappStatuses = topic(StatusReceived, {
  name: 'whatsapp.statuses',
  type: 'switchboard.ingress.v1.StatusReceived',
  key: 'phone_number_id',
  code: 's',
  largestRecordBytes: webhookItemBytes,
  retentionMs: 14 * days,
});

export const whatsappChanges = topic(ChangeReceived, {
  name: 'whatsapp.changes',
  type: 'switchboard.ingress.v1.ChangeReceived',
  key: 'WABA id',
  code: 'c',
  largestRecordBytes: webhookItemBytes,
  retentionMs: 30 * days,
});

export const whatsappQuarantine = topic(Quarantined, {
  name: 'whatsapp.quarantine',
  type: 'switchboard.ingress.v1.Quarantined',
  key: 'entry id',
  code: 'q',
  largestRecordBytes: webhookItemBytes,
  retentionMs: 30 * days,
});

export const accountNumbers = topic(NumberState, {
  name: 'account.numbers',
  type: 'switchboard.account.v1.NumberState',
  key: 'phone_number_id',
  code: 'n',
  cleanup: 'compact',
});

export const accountBrands = topic(BrandState, {
  name: 'account.brands',
  type: 'switchboard.account.v1.BrandState',
  key: 'brand id',
  code: 'b',
  cleanup: 'compact',
});

export const accountOperators = topic(OperatorState, {
  name: 'account.operators',
  type: 'switchboard.account.v1.OperatorState',
  key: 'operator id',
  code: 'op',
  cleanup: 'compact',
});

export const accountWake = topic(AccountWake, {
  name: 'account.wake',
  type: 'switchboard.account.v1.AccountWake',
  key: 'phone_number_id, brand id or operator id',
  code: 'aw',
  retentionMs: 1 * days,
});

export const routingThreads = topic(ThreadEvent, {
  name: 'routing.threads',
  type: 'switchboard.routing.v1.ThreadEvent',
  key: 'phone_number_id',
  code: 't',
  retentionMs: 14 * days,
});

export const routingJoins = topic(CustomersJoined, {
  name: 'routing.joins',
  type: 'switchboard.routing.v1.CustomersJoined',
  key: 'phone_number_id',
  code: 'j',
  retentionMs: 14 * days,
});

export const routingDesks = topic(DeskRequested, {
  name: 'routing.desks',
  type: 'switchboard.routing.v1.DeskRequested',
  key: 'organisation id',
  code: 'd',
  retentionMs: 7 * days,
});

export const routingOffers = topic(OfferMade, {
  name: 'routing.offers',
  type: 'switchboard.routing.v1.OfferMade',
  key: 'phone_number_id',
  code: 'o',
  retentionMs: 7 * days,
});

export const routingCommands = topic(RoutingCommand, {
  name: 'routing.commands',
  type: 'switchboard.routing.v1.RoutingCommand',
  key: 'one record per partition',
  code: 'rc',
  retentionMs: 7 * days,
});

export const egressMessages = topic(MessageEvent, {
  name: 'egress.messages',
  type: 'switchboard.egress.v1.MessageEvent',
  key: 'phone_number_id',
  code: 'e',
  retentionMs: 14 * days,
});

export const egressWake = topic(Wake, {
  name: 'egress.wake',
  type: 'switchboard.egress.v1.Wake',
  key: 'phone_number_id',
  code: 'w',
  retentionMs: 1 * hours,
});

export const timerCommands = topic(TimerCommand, {
  name: 'timer.commands',
  type: 'switchboard.timer.v1.TimerCommand',
  key: 'timer key',
  code: 'k',
  retentionMs: 7 * days,
});

export const templateTemplates = topic(TemplateState, {
  name: 'template.templates',
  type: 'switchboard.template.v1.TemplateState',
  key: 'template id',
  code: 'tt',
  cleanup: 'compact',
});

export const templateWake = topic(TemplateWake, {
  name: 'template.wake',
  type: 'switchboard.template.v1.TemplateWake',
  key: 'template id',
  code: 'tw',
  retentionMs: 1 * days,
});

export const billingWallets = topic(WalletEvent, {
  name: 'billing.wallets',
  type: 'switchboard.billing.v1.WalletEvent',
  key: 'wallet id',
  code: 'bw',
  retentionMs: 30 * days,
});

export const billingNumbers = topic(NumberMoney, {
  name: 'billing.numbers',
  type: 'switchboard.billing.v1.NumberState',
  key: 'phone_number_id',
  code: 'bn',
  cleanup: 'compact',
});

export const billingWake = topic(BillingWake, {
  name: 'billing.wake',
  type: 'switchboard.billing.v1.BillingWake',
  key: 'phone_number_id',
  code: 'bk',
  retentionMs: 1 * days,
});

/** Our own services that have timers; an installation may name more owners (`TIMER_OWNERS`). */
export const timerOwners = ['account', 'billing', 'egress', 'routing', 'template'] as const;

/** Where the timers of an owner fire. An owner reads only its own, so all of them have one code. */
export const timerFired = (owner: string): Topic<TimerFired> =>
  topic(TimerFired, {
    name: `timer.fired.${owner}`,
    type: 'switchboard.timer.v1.TimerFired',
    key: 'the key its owner gave',
    code: 'f',
    retentionMs: 7 * days,
  });

/** All topics of this version; the set-up creates what is missing. Every one has the same number of partitions. */
export const topics = [
  whatsappMessages,
  whatsappStatuses,
  whatsappChanges,
  whatsappQuarantine,
  accountNumbers,
  accountBrands,
  accountOperators,
  accountWake,
  routingThreads,
  routingJoins,
  routingDesks,
  routingOffers,
  routingCommands,
  egressMessages,
  egressWake,
  templateTemplates,
  templateWake,
  billingWallets,
  billingNumbers,
  billingWake,
  timerCommands,
  ...timerOwners.map(timerFired),
] as const;

/** Events a service could not handle, with the original bytes, under the source's key: kept 30 days. */
export const setAsideTopic = (service: string): { name: string; retentionMs: number } => ({
  name: `${service}.set-aside`,
  retentionMs: 30 * days,
});
