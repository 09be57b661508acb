import { Failure } from '@switchboard/errors';
import { type AttachedBot, readBot, type WrittenBot, wrongSecret } from '../../domain/bots/attached-bot.js';
import { currentSpan } from '../../domain/spans.js';
import type { BotStore, MayBeCalled, NewSecret, Vault } from './ports.js';
import { demand, type Tenant } from '../chats/read-chats.js';
import type { GiveBackChats } from './give-back-chats.js';
import type { Clock, NumberStore } from '../ports.js';
import type { Brands } from '../settings/ports.js';

export type BotUseCases = ReturnType<typeof createBotUseCases>;

/** Bots of numbers: attached, looked at, detached (BT-1). */
export function createBotUseCases(deps: {
  store: BotStore;
  numbers: NumberStore;
  brands: Pick<Brands, 'hasDepartment'>;
  vault: Vault;
  mayBeCalled: MayBeCalled;
  newSecret: NewSecret;
  giveBackChats: GiveBackChats;
  now: Clock;
}) {
  const { store, numbers, brands, vault, mayBeCalled, newSecret, giveBackChats, now } = deps;

  async function ownerOf(tenant: Tenant, number: string): Promise<string> {
    const owner = currentSpan((await numbers.find([number])).get(number)).owner;
    if (owner && (tenant === undefined || owner.organisationId === tenant)) return owner.organisationId;
    const message = 'no such number is connected to the organisation; connect it in account first';
    throw new Failure('not-found', 'routing.number-not-found', message);
  }

  /** Decides on what is there and keeps it, again when somebody else was first. */
  async function change<T>(
    number: string,
    decide: (known: AttachedBot | undefined) => { readonly next: AttachedBot | undefined; readonly answer: T },
  ): Promise<T> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const [known] = await store.find([number]);
      const { next, answer } = decide(known);
      if (!next || (await store.save(next))) return answer;
    }
    throw new Failure('unavailable', 'routing.bot-contended', 'the bot is being changed by others; try again');
  }

  return {
    /** The secret is told where it was made or changed. */
    async putBot(
      tenant: Tenant,
      written: WrittenBot,
      givenSecret: string,
    ): Promise<{ readonly bot: AttachedBot; readonly secret: string }> {
      const { number } = written;
      const { terms, violations } = readBot(written, mayBeCalled);
      demand(...violations, wrongSecret(givenSecret));
      const organisationId = await ownerOf(tenant, number);
      const { departmentId } = terms;
      if (departmentId !== '' && !brands.hasDepartment(organisationId, departmentId)) {
        const description = `must be a department of the organisation, and ${departmentId} is none; create it or choose another`;
        demand({ field: 'bot.department_id', description });
      }
      const put = await change(number, (known) => {
        const kept = isOf(known, organisationId) ? known.secret : null;
        const secret = givenSecret !== '' ? givenSecret : kept ? '' : newSecret();
        const bot = {
          number,
          organisationId,
          ...terms,
          secret: secret === '' ? kept : vault.seal(secret),
          isStopped: false,
          isRemoved: false,
          version: (known?.version ?? 0) + 1,
          changedAt: now(),
        };
        return { next: bot, answer: { bot, secret } };
      });
      await giveBackChats(number, put.bot);
      return put;
    },

    async getBot(tenant: Tenant, number: string): Promise<AttachedBot> {
      const organisationId = await ownerOf(tenant, number);
      const [known] = await store.find([number]);
      if (isOf(known, organisationId)) return known;
      throw new Failure('not-found', 'routing.bot-not-found', 'the number has no bot; attach one with PutBot');
    },

    async removeBot(tenant: Tenant, number: string): Promise<void> {
      const organisationId = await ownerOf(tenant, number);
      await change(number, (known) => ({
        next: isOf(known, organisationId)
          ? { ...known, isRemoved: true, secret: null, version: known.version + 1, changedAt: now() }
          : undefined,
        answer: undefined,
      }));
      await giveBackChats(number, null);
    },

    /** Its webhook is gone: nothing is sent there until the bot is put anew. */
    async stopBot({ number, version }: Pick<AttachedBot, 'number' | 'version'>): Promise<void> {
      await change(number, (known) => ({
        next:
          known?.version === version
            ? { ...known, isStopped: true, version: version + 1, changedAt: now() }
            : undefined,
        answer: undefined,
      }));
    },
  };
}

const MOST_ATTEMPTS = 10;

/** True when it is attached, and by whom the number belongs to now. */
const isOf = (bot: AttachedBot | undefined, organisationId: string): bot is AttachedBot =>
  bot !== undefined && !bot.isRemoved && bot.organisationId === organisationId;
