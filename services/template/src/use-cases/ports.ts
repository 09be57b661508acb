import { type Aggregates } from '@switchboard/aggregates';
import { type Category, type TemplateContent } from '../domain/content.js';
import { type Input, type MetaTemplate } from '../domain/inputs.js';
import { type Status, type Template } from '../domain/template.js';

/** What became of an input. */
export interface Revised {
  readonly revision: number;
  readonly template: Template;
  readonly became: 'the same' | 'another' | 'made';
}

export type Templates = Aggregates<Template, Input, Revised>;

/** A template with its id and the revision that readers of template.templates compare. */
export interface TemplateView {
  readonly templateId: string;
  readonly revision: number;
  readonly template: Template;
}

export interface Filter {
  readonly organisationId: string;
  /** Empty = all. */
  readonly wabaId: string;
  /** Empty = all but deleted ones. */
  readonly statuses: readonly Status[];
  /** Null = all. */
  readonly category: Category | null;
  /** Empty = all. */
  readonly namePrefix: string;
}

/** Where a template stands in a list: by name, language, and id, for accounts may have the same. */
export interface Place {
  readonly name: string;
  readonly language: string;
  readonly templateId: string;
}

/** What the templates themselves cannot answer: which there are. */
export interface Directory {
  /** Places after `after`, in order, at most `limit`. */
  readonly list: (filter: Filter, after: Place | null, limit: number) => Promise<readonly Place[]>;
  /** Ids of all languages of a name of an account. */
  readonly named: (wabaId: string, name: string) => Promise<readonly string[]>;
  /** Ids of those that Meta has, of an account, after `after`, in order, at most `limit`. */
  readonly atMeta: (wabaId: string, after: string, limit: number) => Promise<readonly string[]>;
  /** How many Meta has of an account. */
  readonly countAtMeta: (wabaId: string) => Promise<number>;
  /** When templates of an account were handed to Meta for the first time by us, after a time, oldest first. */
  readonly submittedSince: (wabaId: string, since: Date) => Promise<readonly Date[]>;
}

/** A number of an account that may call Meta. */
export interface AccountNumber {
  readonly phoneNumberId: string;
  /** Of the number: rises when its token changes. */
  readonly version: number;
  readonly organisationId: string;
}

/** WhatsApp Business Accounts, as their connected numbers tell of them. */
export interface Accounts {
  /** Organisations with a number of the account, that of the first number first; empty = nobody's. */
  readonly organisationsOf: (wabaId: string) => readonly string[];
  /** Numbers of the account with a token, in order. */
  readonly numbersOf: (wabaId: string) => readonly AccountNumber[];
  readonly all: () => readonly string[];
  /** Calls back for each account whose first number is seen from now on. */
  readonly onFirstNumber: (listener: (wabaId: string) => void) => void;
}

/** Whom a call of Meta is for: of the calls an account has, the reading of everything leaves some for people. */
export type CallFor = 'people' | 'reading';

export interface MetaPage {
  readonly templates: readonly MetaTemplate[];
  /** Those of which something cannot be read: they are there, and are left as they are. */
  readonly unread: readonly { readonly name: string; readonly language: string }[];
  /** Undefined on the last page. */
  readonly after: string | undefined;
}

/** The templates as Meta has them. All throw a `Failure`; `unavailable` leaves open whether Meta has done it. */
export interface MetaTemplates {
  /** `conflict`, `template.taken-at-meta`, when Meta has one of this name and language. */
  readonly create: (
    wabaId: string,
    named: { readonly name: string; readonly language: string },
    category: Category,
    content: TemplateContent,
  ) => Promise<{ readonly metaTemplateId: string; readonly status: Status; readonly category: Category }>;
  /** Null leaves the category as it is. */
  readonly edit: (
    wabaId: string,
    metaTemplateId: string,
    category: Category | null,
    contentAs: { readonly category: Category; readonly content: TemplateContent },
  ) => Promise<void>;
  /** All languages of the name, or the one with this id. Safe to repeat. */
  readonly remove: (wabaId: string, name: string, metaTemplateId: string | null) => Promise<void>;
  readonly unpause: (wabaId: string, metaTemplateId: string) => Promise<void>;
  readonly find: (
    wabaId: string,
    name: string,
    language: string,
    callFor: CallFor,
  ) => Promise<MetaTemplate | undefined>;
  readonly page: (wabaId: string, after: string | undefined, callFor: CallFor) => Promise<MetaPage>;
}

export interface Example {
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

export interface Examples {
  /** Hands an example of header media to Meta: its handle. What `content` throws is thrown. */
  readonly upload: (wabaId: string, example: Example, content: AsyncIterable<Uint8Array>) => Promise<string>;
}

export type Clock = () => Date;

/** One id for one account, name and language: whoever hears of it finds it. */
export type TemplateIdOf = (wabaId: string, name: string, language: string) => string;

/** Waits; rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export type Warn = (facts: object, message: string) => void;
