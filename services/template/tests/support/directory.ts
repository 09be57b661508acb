import { type MemoryStore } from '@switchboard/aggregates';
import { type Input } from '../../src/domain/inputs.js';
import { nothingSaid } from '../../src/domain/content.js';
import { type Template } from '../../src/domain/template.js';
import { type Directory, type Filter, type Place, type Templates } from '../../src/use-cases/ports.js';

/** The in-memory twin of the directory; passes the contract of the real one. */
export function memoryDirectory(store: Pick<MemoryStore, 'documents'>): Directory {
  const all = (): (Template & { readonly id: string })[] =>
    [...store.documents.values()].map(({ id, state }) => ({ ...(state as unknown as Template), id }));
  const atMeta = (wabaId: string) =>
    all().filter((each) => each.wabaId === wabaId && each.metaTemplateId !== '' && each.status !== 'deleted');
  const key = ({ name, language, templateId }: Place): string => [name, language, templateId].join('\0');
  const before = (a: string, b: string): number => (a < b ? -1 : 1);
  return {
    list: (filter, after, limit) =>
      Promise.resolve(
        all()
          .filter((each) => isMeant(filter, each))
          .map(({ id: templateId, name, language }) => ({ templateId, name, language }))
          .sort((a, b) => before(key(a), key(b)))
          .filter((place) => after === null || key(place) > key(after))
          .slice(0, limit),
      ),
    named: (wabaId, name) =>
      Promise.resolve(
        all()
          .filter((each) => each.wabaId === wabaId && each.name === name)
          .map(({ id }) => id)
          .sort(),
      ),
    atMeta: (wabaId, after, limit) =>
      Promise.resolve(
        atMeta(wabaId)
          .map(({ id }) => id)
          .sort()
          .filter((id) => id > after)
          .slice(0, limit),
      ),
    countAtMeta: (wabaId) => Promise.resolve(atMeta(wabaId).length),
    submittedSince: (wabaId, since) =>
      Promise.resolve(
        all()
          .filter((each) => each.wabaId === wabaId && each.versions[0]?.createdBy !== 'meta')
          .flatMap(({ submittedAt }) => (submittedAt && submittedAt > since ? [submittedAt] : []))
          .sort((a, b) => a.getTime() - b.getTime()),
      ),
  };
}

const isMeant = (filter: Filter, { organisationId, wabaId, status, category, name }: Template): boolean =>
  organisationId === filter.organisationId &&
  (filter.wabaId === '' || wabaId === filter.wabaId) &&
  (filter.statuses.length === 0 ? status !== 'deleted' : filter.statuses.includes(status)) &&
  (filter.category === null || category === filter.category) &&
  name.startsWith(filter.namePrefix);

let made = 0;
const at = new Date('2026-11-25T12:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);

/** What every directory promises, whatever it is made of. Accounts and organisations are new in each test. */
export function directoryContract(
  name: string,
  open: () => { readonly directory: Directory; readonly templates: Templates },
): void {
  describe(`${name} directory`, () => {
    const start = () => {
      const { directory, templates } = open();
      const label = `${process.pid}${(made += 1)}`;
      const [organisationId, wabaId] = [`org-${label}`, `${label}00`];
      const tell = (id: string, input: Input) => templates.command(`${label}-${id}`, input);
      return {
        directory,
        organisationId,
        wabaId,
        id: (id: string): string => `${label}-${id}`,
        draft: async (id: string, of: Partial<Extract<Input, { kind: 'create' }>> = {}) => {
          const about = {
            name: 'order',
            language: 'en',
            category: 'utility',
            content: nothingSaid,
            by: 'ada',
          } as const;
          await tell(id, { kind: 'create', at, organisationId, wabaId, ...about, ...of });
        },
        submit: (id: string, ms = 0) =>
          tell(id, {
            kind: 'submitted',
            at: later(ms),
            version: 1,
            metaTemplateId: `9${id}`,
            status: 'approved',
            category: 'utility',
          }),
        seen: (id: string, wabaName: string) =>
          tell(id, {
            kind: 'seen',
            at,
            readAt: at,
            organisationIds: [organisationId],
            wabaId,
            template: {
              metaTemplateId: `8${id}`,
              name: wabaName,
              language: 'en',
              category: 'marketing',
              status: 'approved',
              reason: '',
              quality: 'green',
              content: nothingSaid,
            },
          }),
        gone: (id: string) => tell(id, { kind: 'gone', at: later(9_000), readAt: later(9_000) }),
        filter: (of: Partial<Filter> = {}): Filter => ({
          organisationId,
          wabaId: '',
          statuses: [],
          category: null,
          namePrefix: '',
          ...of,
        }),
      };
    };

    it('TP-1 lists by name and language, page by page, each once', async () => {
      const { directory, draft, filter, id } = start();
      await draft('a', { name: 'order' });
      await draft('b', { name: 'order', language: 'de' });
      await draft('c', { name: 'hello' });
      await draft('d', { name: 'order_late' });
      await draft('e', { organisationId: 'somebody-else' });

      const first = await directory.list(filter(), null, 2);
      const rest = await directory.list(filter(), first.at(-1) ?? null, 9);

      expect(first.map(({ templateId }) => templateId)).toEqual([id('c'), id('b')]);
      expect(rest.map(({ templateId }) => templateId)).toEqual([id('a'), id('d')]);
      expect(first[1]).toEqual({ name: 'order', language: 'de', templateId: id('b') });
    });

    it('tells two of one name and language in two accounts apart', async () => {
      const { directory, draft, filter, id } = start();
      await draft('b', { wabaId: '1' });
      await draft('a', { wabaId: '2' });

      const [first, ...none] = await directory.list(filter(), null, 1);
      const rest = await directory.list(filter(), first ?? null, 9);

      expect([first, ...none, ...rest].map((each) => each?.templateId)).toEqual([id('a'), id('b')]);
    });

    it('narrows by account, state, category and the beginning of the name', async () => {
      const { directory, draft, submit, seen, gone, filter, id } = start();
      await draft('draft');
      await draft('other', { wabaId: '7', name: 'other' });
      await draft('sent', { name: 'sent' });
      await submit('sent');
      await seen('offer', 'order_offer');
      await seen('past', 'past');
      await gone('past');
      const ids = async (of: Partial<Filter>) =>
        (await directory.list(filter(of), null, 9)).map(({ templateId }) => templateId);

      expect(await ids({})).toEqual([id('draft'), id('offer'), id('other'), id('sent')]);
      expect(await ids({ wabaId: '7' })).toEqual([id('other')]);
      expect(await ids({ statuses: ['draft'] })).toEqual([id('draft'), id('other')]);
      expect(await ids({ statuses: ['deleted', 'approved'], category: 'marketing' })).toEqual([
        id('offer'),
        id('past'),
      ]);
      expect(await ids({ namePrefix: 'order' })).toEqual([id('draft'), id('offer')]);
      expect(await ids({ namePrefix: 'order_' })).toEqual([id('offer')]);
      const after = { name: 'order', language: 'en', templateId: id('draft') };
      expect(await directory.list(filter({ namePrefix: 'order' }), after, 9)).toHaveLength(1);
    });

    it('names all languages of a name of an account', async () => {
      const { directory, draft, wabaId, id } = start();
      await draft('b', { language: 'de' });
      await draft('a');
      await draft('c', { name: 'order_late' });
      await draft('d', { wabaId: '7' });

      expect(await directory.named(wabaId, 'order')).toEqual([id('a'), id('b')]);
    });

    it('TP-2 names and counts what Meta has of an account', async () => {
      const { directory, draft, submit, seen, gone, wabaId, id } = start();
      await draft('draft');
      await draft('sent', { name: 'sent' });
      await submit('sent');
      await seen('offer', 'offer');
      await seen('past', 'past');
      await gone('past');

      const first = await directory.atMeta(wabaId, '', 1);
      expect([first, await directory.atMeta(wabaId, first[0] ?? '', 9)]).toEqual([[id('offer')], [id('sent')]]);
      expect(await directory.countAtMeta(wabaId)).toBe(2);
      expect(await directory.countAtMeta('7')).toBe(0);
    });

    it('TP-1 tells when new ones of ours were handed over', async () => {
      const { directory, draft, submit, seen, wabaId } = start();
      for (const [id, ms] of [
        ['c', 3_000],
        ['a', 1_000],
        ['b', 2_000],
      ] as const) {
        await draft(id, { name: id });
        await submit(id, ms);
      }
      await seen('theirs', 'theirs');

      expect(await directory.submittedSince(wabaId, later(1_000))).toEqual([later(2_000), later(3_000)]);
    });
  });
}
