import { createFields } from '../flow/fields.js';
import { type Duration, parseDuration } from '../flow/duration.js';
import type { FieldViolation } from '@switchboard/errors';

/** A bot as somebody writes it down; durations are ISO 8601. */
export interface WrittenBot {
  readonly number: string;
  readonly botId: string;
  readonly name: string;
  /** Empty = it watches. */
  readonly webhookUrl: string;
  readonly idleTime: string;
  readonly idleAction: IdleAction | undefined;
  readonly answerTimeout: string;
  readonly departmentId: string;
}

export type IdleAction = 'close' | 'hand-over';

/** A secret as it is kept: sealed. */
export interface SealedSecret {
  readonly keyId: string;
  readonly wrappedKey: string;
  readonly sealed: string;
}

/** A bot as it is kept. */
export interface AttachedBot {
  readonly number: string;
  /** Whose the number was when the bot was attached; it attends to no chat of another owner. */
  readonly organisationId: string;
  readonly botId: string;
  readonly name: string;
  readonly webhookUrl: string;
  readonly idleTime: Duration;
  readonly idleAction: IdleAction;
  readonly answerTimeout: Duration;
  readonly departmentId: string;
  readonly secret: SealedSecret | null;
  /** Its webhook said that it is gone. */
  readonly isStopped: boolean;
  /** Detached; kept so that versions go on. */
  readonly isRemoved: boolean;
  /** Raised with every change. */
  readonly version: number;
  readonly changedAt: Date;
}

export type BotTerms = Pick<
  AttachedBot,
  'botId' | 'name' | 'webhookUrl' | 'idleTime' | 'idleAction' | 'answerTimeout' | 'departmentId'
>;

const usual: Readonly<Record<'idleTime' | 'answerTimeout', Duration>> = {
  idleTime: { months: 0, days: 0, seconds: 900 },
  answerTimeout: { months: 0, days: 0, seconds: 30 },
};

/** Reads a bot and tells every field that breaks a rule. `mayBeCalled` = hosts the installation lets us call. */
export function readBot(
  written: WrittenBot,
  mayBeCalled: (host: string) => boolean,
): { readonly terms: BotTerms; readonly violations: readonly FieldViolation[] } {
  const fields = createFields();
  const { botId, name, webhookUrl, idleAction, departmentId } = written;
  if (!/^[A-Za-z0-9-]{1,64}$/.test(botId)) {
    fields.refuse('bot.bot_id', 'must be 1 to 64 letters, digits and dashes; choose such an id');
  }
  fields.text('bot.name', name, 1, 200);
  const wrong = wrongUrl(webhookUrl, mayBeCalled);
  if (wrong !== undefined) fields.refuse('bot.webhook_url', wrong);
  if (idleAction === undefined) {
    fields.refuse('bot.idle_action', 'must be CLOSE or HAND_OVER; say what follows when a chat is idle');
  }
  if (!/^([a-z0-9][a-z0-9-]{0,63})?$/.test(departmentId)) {
    const rule = 'must be 1 to 64 lower-case letters, digits and dashes, or empty; take it from account';
    fields.refuse('bot.department_id', rule);
  }
  const clock = { clock: true } as const;
  const terms = {
    botId,
    name,
    webhookUrl,
    idleTime: fields.duration(
      'bot.idle_time',
      written.idleTime,
      { least: 'PT1M', most: 'PT24H', ...clock },
      usual.idleTime,
    ),
    idleAction: idleAction ?? 'hand-over',
    answerTimeout: fields.duration(
      'bot.answer_timeout',
      written.answerTimeout,
      { least: 'PT2S', most: 'PT15M', ...clock },
      usual.answerTimeout,
    ),
    departmentId,
  };
  return { terms, violations: fields.violations };
}

const LONGEST_URL = 2_048;

function wrongUrl(text: string, mayBeCalled: (host: string) => boolean): string | undefined {
  if (text === '') return undefined;
  if (text.length > LONGEST_URL || !URL.canParse(text)) {
    return `must be a URL of at most ${LONGEST_URL} characters, or empty for a bot that watches; correct it`;
  }
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') {
    return 'must hold no user, password or fragment: the signature says who calls; leave them out';
  }
  if (protocol !== 'https:' && !(protocol === 'http:' && isThisMachine(hostname))) {
    return 'must begin with https, or with http on this machine alone; serve it over TLS';
  }
  if (!mayBeCalled(hostname)) {
    return 'must not be an address of a private network; use a public one, or set BOT_WEBHOOKS_PRIVATE to true';
  }
  return undefined;
}

const isThisMachine = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

const LEAST_SECRET = 24;
const MOST_SECRET = 64;

/** What is wrong with a signing secret as Standard Webhooks writes them; empty = none was given. */
export function wrongSecret(text: string): FieldViolation | undefined {
  if (text === '') return undefined;
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
  const isWhole = base64.length % 4 === 0;
  return isWhole && bytes >= LEAST_SECRET && bytes <= MOST_SECRET
    ? undefined
    : {
        field: 'webhook_secret',
        description: `must be whsec_ and base64 of ${LEAST_SECRET} to ${MOST_SECRET} bytes; leave it empty to have one made`,
      };
}

/** In ISO 8601, as it is shown: `PT15M`. */
export function writtenDuration({ seconds }: Duration): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  return parseDuration(`PT${text}`) ? `PT${text}` : 'PT0S';
}
