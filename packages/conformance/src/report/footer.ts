/** The last record of a report: verdict, counts, claim, digest. */
import { sha256 } from '../suite/sha256.ts';
import { claimOf } from './claim.ts';
import { type CaseRecord, type FooterRecord, type HeaderRecord, recordLine } from './records.ts';
import { countsOf, verdictOf } from './verdict.ts';

export async function footerOf(header: HeaderRecord, cases: readonly CaseRecord[]): Promise<FooterRecord> {
  const counts = countsOf(cases);
  return {
    record: 'footer',
    verdict: verdictOf(counts),
    counts,
    seconds: cases.reduce((sum, { seconds }) => sum + seconds, 0),
    claim: claimOf(header, cases),
    digest: await digestOf(header, cases),
    endedAt: new Date().toISOString(),
  };
}

/** Of the lines of the header and of the verdicts. */
export function digestOf(header: HeaderRecord, cases: readonly CaseRecord[]): Promise<string> {
  return sha256([header, ...cases].map(recordLine).join(''));
}
