/** Whether a report is whole and says what its own records say. */
import type { Check } from '../checks/check.ts';
import { caseId } from '../suite/case-id.ts';
import { stagesOf } from '../suite/decision.ts';
import { profileHash } from '../suite/header.ts';
import { manifestHash } from '../suite/manifest.ts';
import { selectedChecks } from '../suite/selection.ts';
import { idsOfShard } from '../suite/shard.ts';
import { suiteVersion } from '../suite/suite-version.ts';
import { claimOf } from './claim.ts';
import { digestOf } from './footer.ts';
import type { CaseRecord, HeaderRecord, UnfinishedReport } from './records.ts';
import { countsOf, verdictOf } from './verdict.ts';

/**
 * What is wrong with a report, one sentence each; nothing for a report that can be trusted to be what the suite wrote: footer, digest, counts, verdict
 * and claim fit the cases, every case of the shard is there once, and every verdict follows from its stages. With `checks`, a report of this version
 * of the suite must come from these checks, too. Nobody is kept from writing another report whole: a digest is no signature.
 */
export async function verifyReport(
  report: UnfinishedReport,
  { checks }: { readonly checks?: readonly Check[] } = {},
): Promise<readonly string[]> {
  const { header, cases, footer } = report;
  return [
    ...caseProblems(header, cases),
    ...cases.flatMap(stageProblems),
    ...(await headerProblems(header)),
    ...(await footerProblems(report)),
    ...(footer === null ? ['the footer is missing: the run did not end'] : []),
    ...(checks === undefined ? [] : await catalogueProblems(header, checks)),
  ];
}

function caseProblems({ selected, shard }: HeaderRecord, cases: readonly CaseRecord[]): readonly string[] {
  const wanted = new Set(idsOfShard(selected, shard));
  const ids = cases.map((record) => record.case);
  const found = new Set(ids);
  return [
    ...[...wanted].filter((id) => !found.has(id)).map((id) => `${id} is missing`),
    ...[...found].filter((id) => !wanted.has(id)).map((id) => `${id} is not of this run`),
    ...[...found].filter((id) => ids.indexOf(id) !== ids.lastIndexOf(id)).map((id) => `${id} is there twice`),
  ];
}

/** A verdict that its stages and errors do not bear out. */
function stageProblems({ case: id, kind, verdict, stages, errors, missing, reason }: CaseRecord): readonly string[] {
  const says = (rest: string): readonly string[] => [`${id} says ${verdict}, ${rest}`];
  const rejected = stages.length > 0 && stages.every((stage) => stage.rejected);
  switch (verdict) {
    case 'pass':
      if (errors.length > 0) return says('but has errors');
      if (stages.length === 0) return says('but has no stage');
      return rejected ? says('but every stage that ran is against it') : [];
    case 'fail':
      if (errors.length > 0 || (rejected && stages.length === stagesOf[kind])) return [];
      return stages.length === 0 && reason !== undefined ? [] : says('but its stages are not against it');
    case 'inconclusive':
      return reason === undefined ? says('but not why') : [];
    case 'unsupported':
      return (missing ?? []).length > 0 ? [] : says('but not what the profile lacks');
    default:
      return says('which is no verdict');
  }
}

async function headerProblems({ profile, profileHash: stated }: HeaderRecord): Promise<readonly string[]> {
  const real = profile === null ? null : await profileHash(profile);
  return real === stated ? [] : ['the profile is not the one of its hash'];
}

async function footerProblems({ header, cases, footer }: UnfinishedReport): Promise<readonly string[]> {
  if (footer === null) return [];
  const counts = countsOf(cases);
  return [
    ...(footer.digest === (await digestOf(header, cases)) ? [] : ['the lines are not those of the digest']),
    ...(JSON.stringify(footer.counts) === JSON.stringify(counts) ? [] : ['the counts are not those of the cases']),
    ...(footer.verdict === verdictOf(counts) ? [] : [`the verdict is ${footer.verdict}, the cases say otherwise`]),
    ...(footer.claim === claimOf(header, cases) ? [] : ['the claim is not what the cases bear out']),
  ];
}

async function catalogueProblems(header: HeaderRecord, checks: readonly Check[]): Promise<readonly string[]> {
  if (header.suite.version !== suiteVersion) {
    return [`the report is of suite ${header.suite.version}, this is ${suiteVersion}: verify it with its own`];
  }
  if (header.suite.manifest !== (await manifestHash(checks))) return ['the checks are not those of this suite'];
  const selected = selectedChecks(checks, header).map(({ plan }) => caseId(plan));
  return selected.join() === header.selected.join() ? [] : ['the cases are not those of its level and query'];
}
