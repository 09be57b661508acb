import { readRulesOf } from '../../domain/flow/read-flow.js';
import { type Choice, chooseRule, type RuleFacts } from '../../domain/flow/rules.js';
import { defaultFlow } from '../../domain/flow/settings.js';
import { readTimes, type WrittenTimes } from '../../domain/flow/what-if.js';
import type { WrittenRule } from '../../domain/flow/written.js';
import { currentSpan } from '../../domain/spans.js';
import { demand, type Tenant } from '../chats/read-chats.js';
import { flowOf } from './flows.js';
import type { Clock, NumberStore } from '../ports.js';
import { brandOf, unknownDepartments } from './settings.js';
import type { BrandFlows, Brands, ChatCounts, ChatTimes, DeskView } from './ports.js';

export type TrySettings = ReturnType<typeof createTrySettings>;

const DAYS_BACK = 30;
const DAY_MS = 86_400_000;

/** Settings tried before they are applied. Nothing here changes anything. */
export function createTrySettings(deps: {
  store: BrandFlows;
  brands: Brands;
  numbers: NumberStore;
  chatTimes: ChatTimes;
  desk: DeskView;
  now: Clock;
}) {
  const { store, brands, numbers, chatTimes, desk, now } = deps;

  /** The department the number answers in, where it is this organisation's. */
  async function departmentOf(number: string, organisationId: string): Promise<string> {
    if (number === '') return '';
    const { owner } = currentSpan((await numbers.find([number])).get(number));
    return owner?.organisationId === organisationId ? owner.departmentId : '';
  }

  return {
    /** Counts the brand's chats of the last 30 days that other times would have closed or missed. */
    async whatIf(tenant: Tenant, brandId: string, written: WrittenTimes): Promise<ChatCounts> {
      const { organisationId } = brandOf(brands, tenant, brandId);
      const { times, violations } = readTimes(written);
      demand(...violations);
      const since = new Date(now().getTime() - DAYS_BACK * DAY_MS);
      return chatTimes.count({ organisationId, brandId, since, times });
    },

    /** Who would get a chat by these rules, or without any by the brand's newest. Hours and limit are the newest's. */
    async dryRun(
      tenant: Tenant,
      brandId: string,
      written: readonly WrittenRule[],
      chat: Omit<RuleFacts, 'at'> & { readonly at: Date | undefined; readonly lastOperatorId: string },
    ): Promise<Choice & { readonly operatorIds: readonly string[] }> {
      const { organisationId } = brandOf(brands, tenant, brandId);
      const tried = readRulesOf(written, 'rules');
      demand(...tried.violations, ...unknownDepartments(brands, organisationId, written, 'rules'));
      const [newest] = await store.newerThan([{ brandId, version: 0 }]);
      const flow = newest ? flowOf(newest) : defaultFlow(brandId);
      const departmentId = chat.departmentId || (await departmentOf(chat.number, organisationId));
      const rules = written.length > 0 ? tried.rules : flow.rules;
      const choice = chooseRule({ rules, hours: flow.hours }, { ...chat, departmentId, at: chat.at ?? now() });
      const { target, manner } = choice;
      if (target.kind === 'nobody') return { ...choice, operatorIds: [] };
      const operatorIds = await desk.whoWouldGet(organisationId, {
        brandId,
        departmentId: choice.departmentId,
        target,
        manner,
        lastOperatorId: chat.lastOperatorId,
        concurrentLimit: flow.concurrentLimit,
      });
      return { ...choice, operatorIds };
    },
  };
}
