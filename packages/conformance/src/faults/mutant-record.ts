/** One run of one check on one faulty device, as a line of the record of a kill matrix. */
import type { Level } from '../checks/check.ts';
import type { Verdict } from '../report/records.ts';

export interface MutantRecord {
  readonly record: 'mutant';
  /** With `~`: the twin. */
  readonly fault: string;
  /** `law.update@1` */
  readonly case: string;
  readonly level: Level;
  /** From 0. */
  readonly run: number;
  /** Of the case, `0x` and 16 hex digits. */
  readonly seed: string;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly seconds: number;
}

/** One line, with its line end. */
export const mutantLine = (record: MutantRecord): string => `${JSON.stringify(record)}\n`;

/** The records of a file; a last line that was cut off is left out. Throws SyntaxError for any other line that is none. */
export function parseMutantLines(text: string): readonly MutantRecord[] {
  const lines = text.split('\n');
  const whole = text.endsWith('\n') ? lines : lines.slice(0, -1);
  return whole
    .filter((line) => line !== '')
    .map((line, n) => {
      const record = JSON.parse(line) as MutantRecord;
      if (record.record !== 'mutant') throw new SyntaxError(`line ${n + 1} is no record of a mutant`);
      return record;
    });
}
