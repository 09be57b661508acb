import { type IndexSpec, translated } from '@switchboard/mongo';
import { type Connection } from 'mongoose';
import { type Report, type Reports } from '../../use-cases/reconciliation/ports.js';

const RECONCILIATIONS = 'reconciliations';

/** The index of the list. */
export const reconciliationsIndexes: readonly IndexSpec[] = [
  { collection: RECONCILIATIONS, key: { organisation: 1, day: -1, waba: 1 }, options: { unique: true } },
];

type ReportDocument = Report & { _id: string };

const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;
const READ = { readConcern: 'majority', useBigInt64: true, maxTimeMS: 10_000 } as const;
const WITHOUT_ID = { ...READ, projection: { _id: 0 } } as const;

/** Reports, one document per organisation, account and day, replaced whole. */
export function createReports(connection: Connection): Reports {
  const reports = connection.collection<ReportDocument>(RECONCILIATIONS);
  const idOf = (organisation: string, waba: string, day: string): string => `${organisation}/${waba}/${day}`;
  return {
    find: (organisation, waba, day) =>
      translated(async () => {
        return (await reports.findOne({ _id: idOf(organisation, waba, day) }, WITHOUT_ID)) ?? undefined;
      }),
    save: (report) =>
      translated(async () => {
        const _id = idOf(report.organisation, report.waba, report.day);
        await reports.replaceOne({ _id }, report, { upsert: true, ...MAJORITY });
      }),
    list: (organisation, { waba, from, until }, after, limit) =>
      translated(async () => {
        const day = { ...(from !== '' && { $gte: from }), ...(until !== '' && { $lt: until }) };
        const [lastDay = '', lastWaba = ''] = after.split('/');
        const behind = after !== '' && {
          $or: [{ day: { $lt: lastDay } }, { day: lastDay, waba: { $gt: lastWaba } }],
        };
        const filter = {
          organisation,
          ...(waba !== '' && { waba }),
          ...((from !== '' || until !== '') && { day }),
          ...(behind && { $and: [behind] }),
        };
        const sort = { organisation: 1, day: -1, waba: 1 } as const;
        return reports.find(filter, { ...WITHOUT_ID, sort, limit }).toArray();
      }),
  };
}
