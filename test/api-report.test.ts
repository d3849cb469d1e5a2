import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiReport,
  apiReports,
  buildDeclarations,
  committedReports,
  reportFolder,
  updateCommand,
} from '../tools/api-report.ts';

/** Parameters of constructors that only a function of the package calls: users get the object, never make it. */
const factoryOnly: ReadonlySet<string> = new Set([
  'LoadedProbeOptions',
  'Loading',
  'Machine',
  'SmallBlock',
  'UpdateLaw',
]);

describe('the public API', () => {
  let reports: ApiReport[] = [];

  beforeAll(() => {
    buildDeclarations();
    reports = apiReports();
  }, 120_000);

  it('has a report of every entry of every published package', () => {
    expect([...committedReports().keys()].toSorted()).toEqual(reports.map(({ fileName }) => fileName).toSorted());
  });

  it('is what its committed reports say', () => {
    const committed = committedReports();
    for (const { fileName, text } of reports) {
      const message = `${reportFolder}/${fileName} differs from the code: run ${updateCommand}`;
      expect(text, message).toBe(committed.get(fileName));
    }
  });

  it('names only types that a user can import', () => {
    const missing = reports.flatMap(({ fileName, unexported }) =>
      unexported.filter((name) => !factoryOnly.has(name)).map((name) => `${fileName}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
