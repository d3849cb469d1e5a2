/** The shards of one run → the report of the whole. */
import { wholeSuite } from '../suite/shard.ts';
import { footerOf } from './footer.ts';
import type { HeaderRecord, Report, UnfinishedReport } from './records.ts';
import { verifyReport } from './verify-report.ts';

/** Thrown where reports are not the shards of one run; `problems` names all reasons. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`these reports are not the shards of one run: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * One report of all shards, in any order. Throws MergeError for a shard without footer, a missing or doubled case or shard, and where suite, checks,
 * profile, level, seed, query or tolerances differ.
 */
export async function mergeReports(shards: readonly UnfinishedReport[]): Promise<Report> {
  const [first] = shards;
  if (first === undefined) throw new MergeError(['there is none']);
  const problems = [...(await ownProblems(shards)), ...differences(shards), ...shardProblems(shards)];
  if (problems.length > 0) throw new MergeError(problems);
  const ordered = shards.toSorted((a, b) => a.header.shard.index - b.header.shard.index);
  const order = new Map(first.header.selected.map((id, n) => [id, n]));
  const cases = ordered
    .flatMap((shard) => shard.cases)
    .toSorted((a, b) => (order.get(a.case) ?? 0) - (order.get(b.case) ?? 0));
  const startedAt = shards.map(({ header }) => header.startedAt).toSorted()[0] ?? first.header.startedAt;
  const header: HeaderRecord = { ...(ordered[0] ?? first).header, shard: wholeSuite, startedAt };
  return { header, cases, footer: await footerOf(header, cases) };
}

async function ownProblems(shards: readonly UnfinishedReport[]): Promise<readonly string[]> {
  const found = await Promise.all(
    shards.map(async (shard) => (await verifyReport(shard)).map((problem) => `${nameOf(shard)}: ${problem}`)),
  );
  return found.flat();
}

function differences(shards: readonly UnfinishedReport[]): readonly string[] {
  const parts: readonly (readonly [what: string, of: (header: HeaderRecord) => unknown])[] = [
    ['the suite', ({ suite }) => suite.version],
    ['the checks', ({ suite }) => suite.manifest],
    ['the profile', ({ profileHash }) => profileHash],
    ['the level', ({ level }) => level],
    ['the seed', ({ seed }) => seed],
    ['the query', ({ only }) => only],
    ['the cases', ({ selected }) => selected],
    ['the tolerances', ({ tolerances }) => tolerances],
    ['the number of shards', ({ shard }) => shard.count],
  ];
  return parts.flatMap(([what, of]) => {
    const values = new Set(shards.map(({ header }) => JSON.stringify(of(header))));
    return values.size === 1 ? [] : [`${what} differs between them`];
  });
}

function shardProblems(shards: readonly UnfinishedReport[]): readonly string[] {
  const count = shards[0]?.header.shard.count ?? 0;
  const indices = shards.map(({ header }) => header.shard.index);
  const wanted = Array.from({ length: count }, (_, n) => n + 1);
  return [
    ...wanted.filter((index) => !indices.includes(index)).map((index) => `shard ${index} of ${count} is missing`),
    ...wanted
      .filter((index) => indices.indexOf(index) !== indices.lastIndexOf(index))
      .map((index) => `shard ${index} of ${count} is there twice`),
  ];
}

const nameOf = ({ header: { shard } }: UnfinishedReport): string => `shard ${shard.index} of ${shard.count}`;
