import { holds, keysOf, marketingKeysOf, type PortfolioOf, type PreferenceNews } from '../../src/domain/preferences.js';
import { templateIn, type TemplateView } from '../../src/domain/template.js';
import { type Preferences } from '../../src/use-cases/preference-ports.js';
import { type Templates } from '../../src/use-cases/template-ports.js';

/** In-memory twins of what the gate asks; each passes the contract of the real one. */

export function memoryPreferences(now: () => Date, portfolioOf: PortfolioOf): Preferences {
  const said = new Map<string, PreferenceNews>();
  const isSaid = (keys: readonly string[]): boolean =>
    holds(
      keys.flatMap((key) => said.get(key) ?? []),
      now(),
    );
  return {
    note: (news) => {
      for (const each of news) {
        for (const key of keysOf(each.number, each, portfolioOf)) {
          const known = said.get(key);
          if (!known || each.at >= known.at) said.set(key, each);
        }
      }
      return Promise.resolve();
    },
    of: (customers) =>
      Promise.resolve(
        customers.map(({ number, customer, recipient }) => ({
          isBlocked: isSaid(keysOf(number, { kind: 'block', customer }, portfolioOf)),
          hasStoppedMarketing: isSaid(marketingKeysOf(number, recipient, portfolioOf)),
        })),
      ),
  };
}

export function memoryTemplates(): Templates {
  const told = new Map<string, TemplateView>();
  return {
    note: (templates) => {
      for (const template of templates) {
        const known = told.get(template.templateId);
        if (!known || template.revision > known.revision) told.set(template.templateId, template);
      }
      return Promise.resolve();
    },
    find: (waba, name, language) => {
      const ofAccount = [...told.values()].filter((each) => each.waba === waba);
      const found = templateIn(
        ofAccount.filter((each) => each.name === name),
        language,
      );
      return Promise.resolve(ofAccount.length === 0 ? { kind: 'unchecked' } : found);
    },
  };
}
