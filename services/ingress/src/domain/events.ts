/**
 * What a webhook body is split into. The shapes are those of the contracts, field by field, so that telling them needs
 * no translation; what the fields mean is written there.
 */
export interface Party {
  phone?: string | undefined;
  userId?: string | undefined;
  parentUserId?: string | undefined;
  username?: string | undefined;
  profileName?: string | undefined;
}

export interface MetaError {
  code: number;
  title: string;
  message: string;
  details: string;
  href: string;
}

export interface Source {
  bodyId: string;
  entry: number;
  change: number;
  item: number;
  entryId: string;
  field: string;
  receivedAt: Date;
}

/** Kinds of messages by their number in the contract. */
export const kinds = {
  message: 1,
  echo: 2,
  edit: 3,
  revocation: 4,
  reaction: 5,
  system: 6,
  preference: 7,
  history: 8,
  contactSync: 9,
  userAction: 10,
  call: 11,
  group: 12,
  error: 13,
  standby: 14,
  handover: 15,
  other: 16,
} as const;

export type Kind = (typeof kinds)[keyof typeof kinds];

export interface Media {
  kind: string;
  mediaId: string;
  mimeType: string;
  sha256: string;
  url?: string | undefined;
  caption?: string | undefined;
  filename?: string | undefined;
  voice: boolean;
  animated: boolean;
  placeholder: boolean;
}

export interface ContactCard {
  formattedName: string;
  phones: { phone: string; waId?: string | undefined; type: string }[];
  origin: string;
  raw: Buffer;
}

export type ContentKind =
  | { $case: 'text'; value: { body: string } }
  | { $case: 'media'; value: Media }
  | {
      $case: 'location';
      value: {
        latitude: number;
        longitude: number;
        name?: string | undefined;
        address?: string | undefined;
        url?: string | undefined;
      };
    }
  | { $case: 'contacts'; value: { cards: ContactCard[] } }
  | {
      $case: 'interactiveReply';
      value: {
        type: string;
        id: string;
        title: string;
        description?: string | undefined;
        responseJson?: string | undefined;
        name?: string | undefined;
      };
    }
  | { $case: 'templateReply'; value: { payload: string; text: string } }
  | { $case: 'reaction'; value: { messageId: string; emoji: string } }
  | {
      $case: 'order';
      value: {
        catalogId: string;
        text: string;
        items: { productRetailerId: string; quantity: string; itemPrice: string; currency: string }[];
      };
    }
  | {
      $case: 'system';
      value: {
        type: string;
        body: string;
        phone?: string | undefined;
        userId?: string | undefined;
        previousUserId?: string | undefined;
        parentUserId?: string | undefined;
        previousParentUserId?: string | undefined;
      };
    }
  | { $case: 'edit'; value: { originalMessageId: string; content: Content | undefined } }
  | { $case: 'revocation'; value: { originalMessageId: string } }
  | { $case: 'welcome'; value: object }
  | { $case: 'unsupported'; value: { type: string } }
  | { $case: 'unknown'; value: { type: string } };

export interface Content {
  kind: ContentKind | undefined;
}

export interface Context {
  messageId?: string | undefined;
  from?: Party | undefined;
  forwarded: boolean;
  frequentlyForwarded: boolean;
  catalogId?: string | undefined;
  productRetailerId?: string | undefined;
}

export interface Referral {
  sourceType: string;
  sourceId: string;
  sourceUrl: string;
  headline: string;
  body: string;
  ctwaClid?: string | undefined;
  mediaType: string;
  mediaUrl: string;
}

export interface MessageReceived {
  eventId: string;
  source: Source;
  kind: Kind;
  phoneNumberId: string;
  displayPhoneNumber: string;
  messageId: string;
  sentAt: Date | undefined;
  customer: Party | undefined;
  fromBusiness: boolean;
  content: Content | undefined;
  context: Context | undefined;
  referral: Referral | undefined;
  groupId: string;
  errors: MetaError[];
  action: string;
  category: string;
  history: HistoryPlace | undefined;
  raw: Buffer;
}

export interface HistoryPlace {
  phase?: number | undefined;
  chunkOrder?: number | undefined;
  progress?: number | undefined;
  threadId: string;
  status: string;
}

export interface StatusReceived {
  eventId: string;
  source: Source;
  phoneNumberId: string;
  messageId: string;
  status: string;
  occurredAt: Date | undefined;
  recipient: Party | undefined;
  recipientType: string;
  participant: Party | undefined;
  bizOpaqueCallbackData: string;
  pricing: { billable?: boolean | undefined; model: string; type: string; category: string } | undefined;
  conversationId: string;
  conversationExpiresAt: Date | undefined;
  conversationOrigin: string;
  errors: MetaError[];
  raw: Buffer;
}

export interface TemplateChange {
  templateId: string;
  name: string;
  language: string;
  category: string;
  previousCategory: string;
  correctCategory: string;
  reason: string;
  quality: string;
  previousQuality: string;
  title: string;
}

export interface NumberChange {
  requestedVerifiedName: string;
  rejectionReason: string;
  messagingLimit: string;
  requester: string;
  username: string;
}

export interface AccountChange {
  ownerBusinessId: string;
  restrictions: string[];
  violation: string;
  banState: string;
  disconnectionReason: string;
  disconnectionInitiatedBy: string;
  alertType: string;
  alertSeverity: string;
  volumeTier: string;
  pricingCategory: string;
  region: string;
  effectiveMonth: string;
  messagingLimit: string;
}

export type ChangeDetail =
  | { $case: 'template'; value: TemplateChange }
  | { $case: 'number'; value: NumberChange }
  | { $case: 'account'; value: AccountChange };

export interface ChangeReceived {
  eventId: string;
  source: Source;
  wabaId: string;
  portfolioId: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  event: string;
  occurredAt: Date | undefined;
  detail: ChangeDetail | undefined;
  raw: Buffer;
}

export interface Quarantined {
  eventId: string;
  source: Source;
  code: string;
  reason: string;
  raw: Buffer;
  part: string;
  frame: Buffer;
}

/** One event of a body, in the order it stood there. */
export type Read =
  | { readonly topic: 'messages'; readonly event: MessageReceived }
  | { readonly topic: 'statuses'; readonly event: StatusReceived }
  | { readonly topic: 'changes'; readonly event: ChangeReceived }
  | { readonly topic: 'quarantine'; readonly event: Quarantined };
