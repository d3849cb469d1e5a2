/** A record of null runs as a table. */
import { clopperPearson } from '../statistics/binomial.ts';
import { seedText } from '../suite/seeds.ts';
import { type NullRun, summarizeNullRuns } from './null-record.ts';

export interface NullRecordFacts {
  readonly device: string;
  readonly level: string;
  readonly base: bigint;
}

/** Throws where runs are of different suites. */
export function nullRecordMarkdown(runs: readonly NullRun[], facts: NullRecordFacts): string {
  const suites = [...new Set(runs.map(({ suite }) => suite))];
  if (suites.length !== 1)
    throw new RangeError(`a table is of runs of one suite, not of ${suites.length}: ${suites.join(', ')}`);
  const rows = summarizeNullRuns(runs);
  const count = new Set(runs.map(({ run }) => run)).size;
  const failed = new Set(
    runs.filter(({ cases }) => cases.some(({ verdict }) => verdict === 'fail')).map(({ run }) => run),
  );
  const { high } = clopperPearson(failed.size, count, 0.9);
  const liberal = rows.filter(({ liberalP }) => liberalP !== null && liberalP < 1e-3).map((row) => row.case);
  const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
  const body = rows.map(({ case: id, verdicts, screensRejected, below }) =>
    [
      id,
      verdicts.pass,
      verdicts.fail,
      verdicts.inconclusive,
      screensRejected,
      ...(below === null ? ['–', '–', '–'] : [below[0.05], below[0.01], below[0.001]]),
    ].join(' | '),
  );
  return [
    `${count} runs of level ${facts.level} on \`${facts.device}\`, suite ${suites[0]}. The seed of run n is the first 64 bits of the stream`,
    `\`null-record/n\` of base seed ${seedText(facts.base)}. Failed runs: ${failed.size} (rate at most ${high.toPrecision(2)} with 95 % confidence). Median time of a run`,
    `${(seconds[Math.floor(seconds.length / 2)] ?? 0).toFixed(1)} s. Checks whose p-values are below a level too often (one-sided binomial, 1e-3): ${liberal.length === 0 ? 'none' : liberal.join(', ')}.`,
    '',
    '| check | pass | fail | inconclusive | screens rejected | p ≤ 0.05 | p ≤ 0.01 | p ≤ 0.001 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...body.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}
