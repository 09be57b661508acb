import { type Report, type Reports } from '../../src/use-cases/reconciliation/ports.js';

/** The in-memory twin of the reports. */
export function createMemoryReports(): Reports & { readonly all: () => readonly Report[] } {
  const reports = new Map<string, Report>();
  const idOf = ({ organisation, waba, day }: Pick<Report, 'organisation' | 'waba' | 'day'>): string =>
    `${organisation}/${waba}/${day}`;
  return {
    all: () => [...reports.values()],
    find: (organisation, waba, day) => Promise.resolve(reports.get(idOf({ organisation, waba, day }))),
    save(report) {
      reports.set(idOf(report), report);
      return Promise.resolve();
    },
    list(organisation, { waba, from, until }, after, limit) {
      const placeOf = ({ day, waba: of }: Report): [day: string, waba: string] => [day, of];
      const isBehind = (report: Report): boolean => {
        const [[day, of], [lastDay = '', lastWaba = '']] = [placeOf(report), after.split('/')];
        return after === '' || day < lastDay || (day === lastDay && of > lastWaba);
      };
      const found = [...reports.values()]
        .filter((each) => each.organisation === organisation && (waba === '' || each.waba === waba))
        .filter(({ day }) => day >= from && (until === '' || day < until))
        .filter(isBehind)
        .sort((a, b) => (a.day === b.day ? (a.waba < b.waba ? -1 : 1) : a.day < b.day ? 1 : -1));
      return Promise.resolve(found.slice(0, limit));
    },
  };
}
