import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Directory, type Filter, type Place } from '../../use-cases/ports.js';

const TEMPLATES = 'templates';
const PAGE = 500;
const order = { name: 1, language: 1, _id: 1 } as const;

/** What lists are read by, in their order. */
const ofOrganisation = { organisationId: 1, ...order } as const;
const ofItsAccount = { organisationId: 1, wabaId: 1, ...order } as const;

/** The indexes of the queries below. */
export const directoryIndexes: readonly IndexSpec[] = [
  { collection: TEMPLATES, key: ofOrganisation },
  { collection: TEMPLATES, key: ofItsAccount },
  { collection: TEMPLATES, key: { wabaId: 1, name: 1 } },
  { collection: TEMPLATES, key: { wabaId: 1, _id: 1 } },
  { collection: TEMPLATES, key: { wabaId: 1, submittedAt: 1 } },
];

interface Document {
  readonly _id: string;
  readonly name: string;
  readonly language: string;
  readonly submittedAt: Date;
}

const atMeta = { metaTemplateId: { $gt: '' }, status: { $ne: 'deleted' } };
const majority = { readConcern: 'majority' } as const;

/** Which templates there are, from their own collection. */
export function createDirectory(connection: Connection): Directory & { readonly all: () => AsyncGenerator<string> } {
  const templates = () => connection.collection<Document>(TEMPLATES);
  const idsIn = (filter: object, limit: number): Promise<string[]> =>
    translated(async () => {
      const found = templates().find(filter, { projection: { _id: 1 }, sort: { _id: 1 }, limit, ...majority });
      return (await found.toArray()).map(({ _id }) => _id);
    });
  return {
    list: (filter, after, limit) =>
      translated(async () => {
        const hint = filter.wabaId === '' ? ofOrganisation : ofItsAccount;
        const options = { projection: { name: 1, language: 1 }, sort: order, hint, limit, ...majority };
        const found = templates().find(queryOf(filter, after), options);
        return (await found.toArray()).map(({ _id, name, language }) => ({ templateId: _id, name, language }));
      }),
    named: (wabaId, name) =>
      translated(async () => {
        const found = templates().find({ wabaId, name }, { projection: { _id: 1 }, ...majority });
        return (await found.toArray()).map(({ _id }) => _id).sort();
      }),
    atMeta: (wabaId, after, limit) => idsIn({ wabaId, _id: { $gt: after }, ...atMeta }, limit),
    countAtMeta: (wabaId) => translated(() => templates().countDocuments({ wabaId, ...atMeta }, majority)),
    submittedSince: (wabaId, since) =>
      translated(async () => {
        // Those that somebody made at Meta are not ours to count.
        const filter = { wabaId, submittedAt: { $gt: since }, 'versions.0.createdBy': { $ne: 'meta' } };
        const options = { projection: { submittedAt: 1 }, sort: { submittedAt: 1 }, ...majority } as const;
        return (await templates().find(filter, options).toArray()).map(({ submittedAt }) => submittedAt);
      }),
    /** Every id, for publishing all of them anew. */
    async *all() {
      for (let after = ''; ;) {
        const page = await idsIn({ _id: { $gt: after } }, PAGE);
        yield* page;
        if (page.length < PAGE) return;
        after = page.at(-1) ?? '';
      }
    },
  };
}

function queryOf({ organisationId, wabaId, statuses, category, namePrefix }: Filter, after: Place | null): object {
  return {
    organisationId,
    ...(wabaId !== '' && { wabaId }),
    status: statuses.length > 0 ? { $in: [...statuses] } : { $ne: 'deleted' },
    ...(category && { category }),
    name: {
      ...(namePrefix !== '' && { $lt: `${namePrefix}\uffff` }),
      $gte: after && after.name > namePrefix ? after.name : namePrefix,
    },
    ...(after && {
      $or: [
        { name: { $gt: after.name } },
        { name: after.name, language: { $gt: after.language } },
        { name: after.name, language: after.language, _id: { $gt: after.templateId } },
      ],
    }),
  };
}
