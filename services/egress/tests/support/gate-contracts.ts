import { type PortfolioOf, type PreferenceNews } from '../../src/domain/preferences.js';
import { type TemplateView } from '../../src/domain/template.js';
import { type Preferences } from '../../src/use-cases/preference-ports.js';
import { type Templates } from '../../src/use-cases/template-ports.js';
import { at, fresh } from './fresh.js';

/** What every implementation of what the gate asks promises, whatever it is made of. Ids are new in each test. */

/** `now` of what is opened is at second 30. */
export function preferencesContract(name: string, open: (portfolioOf?: PortfolioOf) => Preferences): void {
  describe(`${name} preferences`, () => {
    const phone = '12025550188';
    const someone = () => ({ number: fresh('6'), customer: 'anna', recipient: { phone, userId: 'US.1' } });
    const marketing = (number: string, no: boolean, second: number, recipient = {}): PreferenceNews => ({
      kind: 'marketing',
      number,
      no,
      at: at(second),
      recipient: { phone, userId: 'US.1', ...recipient },
    });
    const block = (number: string, no: boolean, second: number, until?: Date): PreferenceNews => ({
      kind: 'block',
      number,
      customer: 'anna',
      no,
      at: at(second),
      until,
    });

    it('know nothing of most', async () => {
      const anna = someone();

      expect(await open().of([anna])).toEqual([{ isBlocked: false, hasStoppedMarketing: false }]);
      expect(await open().of([{ ...anna, customer: '', recipient: {} }])).toHaveLength(1);
      expect(await open().of([])).toEqual([]);
    });

    it('hold what was said last, in whatever order it is told', async () => {
      const [preferences, anna] = [open(), someone()];
      const stopped = async () => (await preferences.of([anna]))[0]?.hasStoppedMarketing;

      await preferences.note([marketing(anna.number, true, 5), marketing(anna.number, false, 3)]);
      expect(await stopped()).toBe(true);
      await preferences.note([marketing(anna.number, false, 9)]);
      expect(await stopped()).toBe(false);
      await preferences.note([marketing(anna.number, true, 5)]);
      expect(await stopped()).toBe(false);
    });

    it('find a customer by any of the names that Meta used, and by the last word of them', async () => {
      const [preferences, anna] = [open(), someone()];
      const of = async (recipient: object) => (await preferences.of([{ ...anna, recipient }]))[0]?.hasStoppedMarketing;

      await preferences.note([
        { kind: 'marketing', number: anna.number, no: true, at: at(5), recipient: { userId: 'US.1' } },
      ]);

      expect(await of({ userId: 'US.1', phone })).toBe(true);
      expect(await of({ phone })).toBe(false);
      await preferences.note([{ kind: 'marketing', number: anna.number, no: false, at: at(7), recipient: { phone } }]);
      expect(await of({ userId: 'US.1', phone })).toBe(false);
    });

    it('TX-1 are of all numbers of a portfolio where they are about marketing, of one where somebody is blocked', async () => {
      const [anna, ofTheSame, ofAnother, ofNobody] = [someone(), someone(), someone(), someone()];
      const portfolios = new Map([
        [anna.number, fresh('p')],
        [ofAnother.number, fresh('p')],
      ]);
      portfolios.set(ofTheSame.number, portfolios.get(anna.number) ?? '');
      const preferences = open((number) => portfolios.get(number));
      await preferences.note([marketing(anna.number, true, 5), block(anna.number, true, 5)]);
      await preferences.note([marketing(ofNobody.number, true, 5)]);

      const found = await preferences.of([anna, ofTheSame, ofAnother, ofNobody]);
      expect(found.map(({ hasStoppedMarketing }) => hasStoppedMarketing)).toEqual([true, true, false, true]);
      expect(found.map(({ isBlocked }) => isBlocked)).toEqual([true, false, false, false]);
      await preferences.note([marketing(ofTheSame.number, false, 6)]);
      expect(await preferences.of([anna])).toMatchObject([{ hasStoppedMarketing: false }]);
    });

    it('TX-1 hold what was said of a number before its portfolio was known', async () => {
      const anna = someone();
      const portfolios = new Map<string, string>();
      const preferences = open((number) => portfolios.get(number));
      const stopped = async () => (await preferences.of([anna]))[0]?.hasStoppedMarketing;
      await preferences.note([marketing(anna.number, true, 5)]);

      portfolios.set(anna.number, fresh('p'));
      expect(await stopped()).toBe(true);
      await preferences.note([marketing(anna.number, false, 6)]);

      expect(await stopped()).toBe(false);
    });

    it('hold a block until it is taken back, or over', async () => {
      const [preferences, anna] = [open(), someone()];
      const blocked = async () => (await preferences.of([anna]))[0];

      await preferences.note([block(anna.number, true, 5)]);
      expect(await blocked()).toEqual({ isBlocked: true, hasStoppedMarketing: false });
      await preferences.note([block(anna.number, false, 6)]);
      expect(await blocked()).toMatchObject({ isBlocked: false });
      await preferences.note([block(anna.number, true, 7, at(31))]);
      expect(await blocked()).toMatchObject({ isBlocked: true });
      await preferences.note([block(anna.number, true, 8, at(30))]);
      expect(await blocked()).toMatchObject({ isBlocked: false });
    });
  });
}

export function templatesContract(name: string, open: () => Templates): void {
  describe(`${name} templates`, () => {
    const template = (waba: string, more: Partial<TemplateView> = {}): TemplateView => ({
      templateId: fresh('t'),
      revision: 1,
      waba,
      name: 'order_ready',
      language: 'en',
      category: 'utility',
      status: 'approved',
      statusReason: '',
      version: 1,
      changedAt: at(1),
      needs: { header: { kind: 'image' }, body: ['1'], buttons: [{ kind: 'url', parameter: 'needed' }] },
      ...more,
    });

    it('are found by account, name and language, as they were told', async () => {
      const [templates, waba] = [open(), fresh('w')];
      const [english, german] = [template(waba), template(waba, { language: 'de', pausedUntil: at(9) })];
      await templates.note([english, german]);

      expect(await templates.find(waba, 'order_ready', 'en')).toEqual({ kind: 'found', template: english });
      expect(await templates.find(waba, 'order_ready', 'de')).toEqual({ kind: 'found', template: german });
    });

    it('TX-6 say in which languages a name exists', async () => {
      const [templates, waba] = [open(), fresh('w')];
      await templates.note([
        template(waba, { language: 'fr' }),
        template(waba, { language: 'de' }),
        template(waba, { language: 'it', status: 'deleted' }),
      ]);

      expect(await templates.find(waba, 'order_ready', 'en')).toEqual({ kind: 'unknown', languages: ['de', 'fr'] });
      expect(await templates.find(waba, 'other', 'en')).toEqual({ kind: 'unknown', languages: [] });
    });

    it('TX-6 are unchecked in accounts of which nobody has told', async () => {
      expect(await open().find(fresh('w'), 'order_ready', 'en')).toEqual({ kind: 'unchecked' });
    });

    it('hold the highest revision, in whatever order they are told', async () => {
      const [templates, waba] = [open(), fresh('w')];
      const first = template(waba);
      const third = { ...first, revision: 3, category: 'marketing' } as const;

      await templates.note([first, third, { ...first, revision: 2 }]);
      await templates.note([first]);

      expect(await templates.find(waba, 'order_ready', 'en')).toEqual({ kind: 'found', template: third });
    });

    it('prefer what is there to what was deleted, and of those what changed last', async () => {
      const [templates, waba] = [open(), fresh('w')];
      const [gone, older, newer] = [
        template(waba, { status: 'deleted', changedAt: at(9) }),
        template(waba, { changedAt: at(3) }),
        template(waba, { changedAt: at(5) }),
      ];

      await templates.note([gone, newer, older]);

      expect(await templates.find(waba, 'order_ready', 'en')).toEqual({ kind: 'found', template: newer });
    });
  });
}
